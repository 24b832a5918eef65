package tokens_test

import (
	"encoding/json"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"muster/internal/test/benchpair"
	"muster/models"
)

// callers is how many devices or resource servers call at once.
const callers = 8

// BenchmarkRedeem lets 8 devices share one registration token.
func BenchmarkRedeem(b *testing.B) {
	redeem := func(r *rig) func(n int) {
		_, secret := r.create(models.MaxCount)
		return atOnce(func(int) error {
			_, err := r.Redeem(b.Context(), request(secret, "bob"))
			return err
		}, b)
	}
	b.Run("beside=SQLiteDefaults", func(b *testing.B) {
		benchpair.Run(b, redeem(newRig(b)), redeem(newNaiveRig(b, sqliteDefaults)))
	})
	b.Run("beside=OurPragmas", func(b *testing.B) {
		benchpair.Run(b, redeem(newRig(b)), redeem(newNaiveRig(b, ourPragmas)))
	})
}

// BenchmarkRefresh lets 8 devices rotate their refresh tokens.
func BenchmarkRefresh(b *testing.B) {
	refresh := func(r *rig) func(n int) {
		var held [callers]models.Secret
		for i := range held {
			held[i] = r.device().RefreshToken
		}
		return atOnce(func(caller int) error {
			issued, err := r.Refresh(b.Context(), held[caller], origin)
			if err == nil {
				held[caller] = issued.RefreshToken
			}
			return err
		}, b)
	}
	b.Run("beside=SQLiteDefaults", func(b *testing.B) {
		benchpair.Run(b, refresh(newRig(b)), refresh(newNaiveRig(b, sqliteDefaults)))
	})
	b.Run("beside=OurPragmas", func(b *testing.B) {
		benchpair.Run(b, refresh(newRig(b)), refresh(newNaiveRig(b, ourPragmas)))
	})
}

// BenchmarkVerify asks whether an access token is good, 8 callers at once: by
// introspection, and offline with the published keys.
func BenchmarkVerify(b *testing.B) {
	introspect := func(r *rig) func(n int) {
		issued := r.device()
		return atOnce(func(int) error {
			got, err := r.Introspect(b.Context(), licenceServer, issued.AccessToken)
			if err == nil && !got.Active {
				b.Error("the access token is not active")
			}
			return err
		}, b)
	}
	b.Run("introspect/beside=OneConnection", func(b *testing.B) {
		benchpair.Run(b, introspect(newRig(b)), introspect(newNaiveRig(b, ourPragmas)))
	})

	offline := func(r *rig, keep bool) func(n int) {
		access := r.device().AccessToken.Reveal()
		keys := r.publishedKeys(b)
		return atOnce(func(int) error {
			set := keys
			if !keep {
				set = r.publishedKeys(b)
			}
			token, err := jwt.ParseSigned(access, []jose.SignatureAlgorithm{jose.ES256})
			if err != nil {
				return err
			}
			var claims jwt.Claims
			if err := token.Claims(set, &claims); err != nil {
				return err
			}
			return claims.ValidateWithLeeway(jwt.Expected{Issuer: issuer, AnyAudience: jwt.Audience{issuer}, Time: start}, 0)
		}, b)
	}
	b.Run("offline/beside=Introspection", func(b *testing.B) {
		r := newRig(b)
		benchpair.Run(b, offline(r, true), introspect(r))
	})
	b.Run("offline/beside=KeysReadEachTime", func(b *testing.B) {
		r := newRig(b)
		benchpair.Run(b, offline(r, true), offline(r, false))
	})
}

func (r *rig) publishedKeys(b *testing.B) jose.JSONWebKeySet {
	var set jose.JSONWebKeySet
	text, err := r.JWKS(b.Context())
	if err == nil {
		err = json.Unmarshal(text, &set)
	}
	if err != nil {
		b.Error(err)
	}
	return set
}

// atOnce shares n calls among the callers; fn is told which of them calls.
func atOnce(fn func(caller int) error, b *testing.B) func(n int) {
	return func(n int) {
		var taken atomic.Int64
		var done sync.WaitGroup
		for caller := range callers {
			done.Go(func() {
				for taken.Add(1) <= int64(n) {
					if err := fn(caller); err != nil {
						b.Error(err)
						return
					}
				}
			})
		}
		done.Wait()
	}
}
