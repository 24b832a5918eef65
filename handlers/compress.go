package handlers

import (
	"net/http"

	"github.com/klauspost/compress/gzhttp"
	"github.com/labstack/echo/v4"

	"muster/views/paths"
)

// compressedPaths are the GET routes whose answers are compressed: those with much
// text. The length of a compressed answer tells something of its content (BREACH), so
// none of them holds a secret, a form's nonce or key included: secrets are shown in
// answers to POST (rule 10), and no other route is compressed.
var compressedPaths = []string{
	paths.Overview, paths.RegistrationTokens, paths.RegistrationToken(":id"), paths.AuthTokens, paths.AuthToken(":id"),
	paths.Investigate, paths.Requests, paths.Audit, paths.APIKeys, paths.My,
	paths.APIRegistrationTokens, paths.APIRegistrationTokenVerdict(":id"), paths.APIAuthTokens, paths.APIRequests, paths.OpenAPI,
}

var compress = func() func(http.Handler) http.HandlerFunc {
	wrap, err := gzhttp.NewWrapper(gzhttp.EnableZstd(false))
	if err != nil {
		panic("handlers: " + err.Error()) // the options are fixed
	}
	return wrap
}()

// compressed sends the answers of next in gzip to whoever reads it. Errors are left to
// be answered outside, as they are.
func compressed(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		plain := c.Response()
		defer c.SetResponse(plain)
		compress(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			c.SetResponse(echo.NewResponse(w, c.Echo()))
			err = next(c)
		})).ServeHTTP(plain, c.Request())
		return err
	}
}
