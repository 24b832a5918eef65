// Command naive is what a good developer writes first: Echo, one GORM connection,
// one transaction for each redemption with a read, a guarded update and an insert;
// WAL and full synchronisation, ES256. It answers the addresses of Muster that the
// bench calls, with as little as a client needs, and knows nothing of who may
// redeem, who did, or why it was refused. `go run ./bench` compares Muster with it.
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"log"
	"os"
	"strings"

	"github.com/labstack/echo/v4"
	"gorm.io/driver/postgres"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

func main() {
	db, err := open(os.Getenv("NAIVE_DATABASE_URL"))
	if err != nil {
		log.Fatal(err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		log.Fatal(err)
	}
	s := &server{db: db, key: key, apiKey: os.Getenv("NAIVE_API_KEY")}
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.GET("/readyz", func(c echo.Context) error { return c.NoContent(200) })
	e.POST("/token/api/v5/registrationTokens", s.create)
	e.GET("/token/api/v5/registrationTokens/:id", s.show)
	e.POST("/token/api/v5/authTokens", s.redeem)
	e.POST("/oauth2/token", s.refresh)
	e.POST("/oauth2/introspect", s.introspect)
	log.Fatal(e.Start(os.Getenv("NAIVE_LISTEN")))
}

func open(url string) (*gorm.DB, error) {
	dialector := postgres.Open(url)
	path, embedded := strings.CutPrefix(url, "sqlite://")
	if embedded {
		dialector = sqlite.Open("file:" + path + "?_journal_mode=WAL&_synchronous=FULL&_txlock=immediate&_busy_timeout=5000&_foreign_keys=on")
	}
	db, err := gorm.Open(dialector, &gorm.Config{Logger: logger.Discard})
	if err != nil {
		return nil, err
	}
	pool, err := db.DB()
	if err != nil {
		return nil, err
	}
	if embedded {
		pool.SetMaxOpenConns(1)
	} else {
		pool.SetMaxOpenConns(20)
		pool.SetMaxIdleConns(20)
	}
	return db, db.AutoMigrate(&registrationToken{}, &authToken{})
}
