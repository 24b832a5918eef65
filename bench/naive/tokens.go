package main

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/labstack/echo/v4"
	"gorm.io/gorm"
)

const (
	accessTTL  = 15 * time.Minute
	refreshTTL = 90 * 24 * time.Hour
)

type registrationToken struct {
	ID        string `gorm:"primaryKey"`
	Digest    string `gorm:"uniqueIndex"`
	Count     int
	UsedCount int
	ExpiresAt time.Time
}

type authToken struct {
	ID                  string `gorm:"primaryKey"`
	RegistrationTokenID string `gorm:"index"`
	RegistrationToken   registrationToken
	RefreshDigest       string `gorm:"uniqueIndex"`
	SystemUserName      string `gorm:"index"`
	FQDN                string `gorm:"index"`
	MACAddress          string
	IP                  string
	CreatedAt           time.Time
	ExpiresAt           time.Time
	RefreshedAt         *time.Time
}

type server struct {
	db     *gorm.DB
	key    *ecdsa.PrivateKey
	apiKey string
}

var errRefused = errors.New("refused")

func (s *server) create(c echo.Context) error {
	var in struct {
		RegistrationToken struct {
			Count int `json:"count"`
		} `json:"registrationToken"`
	}
	if bearer(c) != s.apiKey {
		return c.NoContent(http.StatusUnauthorized)
	}
	if err := c.Bind(&in); err != nil {
		return err
	}
	secret := "mrt_" + newSecret()
	t := registrationToken{ID: newSecret(), Digest: digest(secret), Count: in.RegistrationToken.Count, ExpiresAt: time.Now().AddDate(0, 0, 30)}
	if err := s.db.WithContext(c.Request().Context()).Create(&t).Error; err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, map[string]any{"registrationToken": map[string]any{"id": t.ID, "token": secret}})
}

// show counts the rows too, for the check after each measurement.
func (s *server) show(c echo.Context) error {
	db := s.db.WithContext(c.Request().Context())
	var t registrationToken
	var rows int64
	if err := db.First(&t, "id = ?", c.Param("id")).Error; err != nil {
		return err
	}
	if err := db.Model(&authToken{}).Where("registration_token_id = ?", t.ID).Count(&rows).Error; err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{"registrationToken": map[string]any{"id": t.ID, "usedCount": t.UsedCount, "rows": rows}})
}

func (s *server) redeem(c echo.Context) error {
	var in struct {
		AuthToken struct {
			SystemUserName string `json:"systemUserName"`
			FQDN           string `json:"fqdn"`
			MACAddress     string `json:"macAddress"`
		} `json:"authToken"`
	}
	if err := c.Bind(&in); err != nil {
		return err
	}
	now, refresh := time.Now(), "mrf_"+newSecret()
	issued := authToken{
		ID: newSecret(), RefreshDigest: digest(refresh), SystemUserName: in.AuthToken.SystemUserName, FQDN: in.AuthToken.FQDN,
		MACAddress: in.AuthToken.MACAddress, IP: c.RealIP(), CreatedAt: now, ExpiresAt: now.Add(refreshTTL),
	}
	err := s.db.WithContext(c.Request().Context()).Transaction(func(tx *gorm.DB) error {
		var t registrationToken
		if err := tx.First(&t, "digest = ?", digest(bearer(c))).Error; err != nil {
			return err
		}
		taken := tx.Model(&registrationToken{}).Where("id = ? AND used_count < count AND expires_at > ?", t.ID, now).
			Update("used_count", gorm.Expr("used_count + 1"))
		if taken.Error != nil {
			return taken.Error
		}
		if taken.RowsAffected == 0 {
			return errRefused
		}
		issued.RegistrationTokenID = t.ID
		return tx.Omit("RegistrationToken").Create(&issued).Error
	})
	if errors.Is(err, errRefused) || errors.Is(err, gorm.ErrRecordNotFound) {
		return c.JSON(http.StatusConflict, map[string]string{"code": "refused"})
	}
	if err != nil {
		return err
	}
	return s.answer(c, http.StatusCreated, issued.ID, refresh)
}

func (s *server) refresh(c echo.Context) error {
	now, successor := time.Now(), "mrf_"+newSecret()
	var t authToken
	err := s.db.WithContext(c.Request().Context()).Transaction(func(tx *gorm.DB) error {
		presented := digest(c.FormValue("refresh_token"))
		if err := tx.First(&t, "refresh_digest = ? AND expires_at > ?", presented, now).Error; err != nil {
			return err
		}
		done := tx.Model(&authToken{}).Where("id = ? AND refresh_digest = ?", t.ID, presented).
			Updates(map[string]any{"refresh_digest": digest(successor), "expires_at": now.Add(refreshTTL), "refreshed_at": now})
		if done.Error == nil && done.RowsAffected == 0 {
			return errRefused
		}
		return done.Error
	})
	if errors.Is(err, errRefused) || errors.Is(err, gorm.ErrRecordNotFound) {
		return c.JSON(http.StatusBadRequest, map[string]string{"error": "invalid_grant"})
	}
	if err != nil {
		return err
	}
	return s.answer(c, http.StatusOK, t.ID, successor)
}

// introspect checks the signature and reads one row.
func (s *server) introspect(c echo.Context) error {
	if bearer(c) != s.apiKey {
		return c.NoContent(http.StatusUnauthorized)
	}
	inactive := map[string]any{"active": false}
	token, err := jwt.ParseSigned(c.FormValue("token"), []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		return c.JSON(http.StatusOK, inactive)
	}
	var claims jwt.Claims
	if err := token.Claims(s.key.Public(), &claims); err != nil || claims.Validate(jwt.Expected{Time: time.Now()}) != nil {
		return c.JSON(http.StatusOK, inactive)
	}
	var t authToken
	err = s.db.WithContext(c.Request().Context()).First(&t, "id = ?", claims.Subject).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return c.JSON(http.StatusOK, inactive)
	}
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{
		"active": true, "sub": t.ID, "exp": claims.Expiry, "iat": claims.IssuedAt, "registration_token_id": t.RegistrationTokenID,
	})
}

func (s *server) answer(c echo.Context, status int, subject, refresh string) error {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: s.key}, (&jose.SignerOptions{}).WithType("at+jwt"))
	if err != nil {
		return err
	}
	now := time.Now()
	access, err := jwt.Signed(signer).Claims(jwt.Claims{
		Subject: subject, ID: newSecret(), Issuer: "naive", IssuedAt: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(accessTTL)),
	}).Serialize()
	if err != nil {
		return err
	}
	return c.JSON(status, map[string]any{
		"access_token": access, "refresh_token": refresh, "token_type": "Bearer", "expires_in": int(accessTTL.Seconds()),
	})
}

func bearer(c echo.Context) string {
	return strings.TrimPrefix(c.Request().Header.Get("Authorization"), "Bearer ")
}

func newSecret() string { return strings.ToLower(rand.Text()) }

func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
