package web

import (
	"github.com/labstack/echo/v4"

	"muster/tokens"
)

// Guess counts a wrong secret against the address it came from. KindRateLimited
// after too many.
type Guess func(ip string) error

// Judge counts err if it is a guess; after too many, that error replaces it.
func (g Guess) Judge(c echo.Context, err error) error {
	if tokens.IsGuess(err) {
		if limited := g(c.RealIP()); limited != nil {
			return limited
		}
	}
	return err
}
