package idp

import (
	"slices"
	"sync"
)

// refreshTokensMost bounds memory; the oldest are forgotten first.
const refreshTokensMost = 1000

// refreshTokens are those that are good, each for one use.
type refreshTokens struct {
	mu     sync.Mutex
	grants map[string]grant
	order  []string
}

// add keeps what a new refresh token stands for.
func (t *refreshTokens) add(g grant) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.grants == nil {
		t.grants = map[string]grant{}
	}
	if len(t.order) == refreshTokensMost {
		delete(t.grants, t.order[0])
		t.order = t.order[1:]
	}
	token := random()
	t.grants[token], t.order = g, append(t.order, token)
	return token
}

// take returns what a refresh token stands for, once.
func (t *refreshTokens) take(token string) (grant, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	g, ok := t.grants[token]
	if ok {
		delete(t.grants, token)
		t.order = slices.DeleteFunc(t.order, func(other string) bool { return other == token })
	}
	return g, ok
}
