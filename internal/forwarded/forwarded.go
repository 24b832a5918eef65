// Package forwarded finds out which address a request comes from when proxies
// stand in front of the server. One header is believed, and only from trusted
// proxies; whatever else a request carries was written by the client. What
// cannot be read is an unknown address, never that of the proxy: rules and
// limits that look at addresses must not take a stranger for the proxy.
//
// It knows net/http, and nothing else of this repository. Start at
// [Reader.Client].
package forwarded

import (
	"cmp"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"
)

// The headers that hold a list. Every other one holds a single address.
const (
	XForwardedFor = "X-Forwarded-For"
	Forwarded     = "Forwarded" // RFC 7239
)

// Reader reads the addresses of clients. It is safe for parallel use.
type Reader struct {
	trusted []netip.Prefix
	header  string
	split   func(line string) []string // nil for a header with one address
	parse   func(entry string) (netip.Addr, error)

	logger *slog.Logger
	now    func() time.Time

	mu       sync.Mutex
	reported time.Time
}

// New returns a Reader that believes header, XForwardedFor when it is empty,
// from the trusted networks. What it cannot read it reports to logger, once a
// minute by the clock now.
func New(trusted []netip.Prefix, header string, logger *slog.Logger, now func() time.Time) *Reader {
	r := &Reader{header: http.CanonicalHeaderKey(cmp.Or(header, XForwardedFor)), parse: parseEntry, logger: logger, now: now}
	for _, network := range trusted {
		r.trusted = append(r.trusted, unmapped(network))
	}
	switch r.header {
	case XForwardedFor:
		r.split = func(line string) []string { return strings.Split(line, ",") }
	case Forwarded:
		r.split, r.parse = func(line string) []string { return splitUnquoted(line, ',') }, parseElement
	}
	return r
}

// Client is the address that the request comes from, without a zone, IPv4
// never written as IPv6. It is the zero Addr when that is unknown: a trusted
// proxy sent the header, and it cannot be read.
//
// The request of a peer that is not trusted comes from that peer, and so does
// one without the header.
func (r *Reader) Client(request *http.Request) netip.Addr {
	peer := peerOf(request.RemoteAddr)
	if !r.trusts(peer) {
		return peer
	}
	lines := request.Header.Values(r.header)
	if len(lines) == 0 {
		return peer
	}
	client, entry, err := r.read(lines)
	if err != nil {
		r.report(request.Context(), peer, entry, err)
		return netip.Addr{}
	}
	return client
}

var (
	errEmpty   = errors.New("empty")
	errSeveral = errors.New("several lines of a header with one address")
)

// read returns the client that the header names, or the entry that it fails
// at. Each proxy adds the address of its own peer at the end, so the walk goes
// from there past trusted proxies to the first address that is none; when all
// are trusted, it is the one farthest away. Nothing left of an entry that
// cannot be read is looked at: nobody knows who wrote it.
func (r *Reader) read(lines []string) (client netip.Addr, entry string, err error) {
	if r.split == nil {
		if len(lines) > 1 {
			return netip.Addr{}, lines[0], errSeveral
		}
		client, err = r.parse(trimSpace(lines[0]))
		return client, lines[0], err
	}
	for _, line := range slices.Backward(lines) {
		for _, entry := range slices.Backward(r.split(line)) {
			// RFC 9110 section 5.6.1: empty members of a list say nothing.
			if entry = trimSpace(entry); entry == "" {
				continue
			}
			if client, err = r.parse(entry); err != nil || !r.trusts(client) {
				return client, entry, err
			}
		}
	}
	if !client.IsValid() {
		return client, "", errEmpty
	}
	return client, "", nil
}

func (r *Reader) trusts(address netip.Addr) bool {
	return slices.ContainsFunc(r.trusted, func(network netip.Prefix) bool { return network.Contains(address) })
}

// peerOf is the zero Addr for what is no address: the peer of a Unix socket.
func peerOf(remoteAddr string) netip.Addr {
	peer, err := netip.ParseAddrPort(remoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return peer.Addr().Unmap().WithZone("")
}

// unmapped is the network as IPv4 when it was written as IPv6.
func unmapped(network netip.Prefix) netip.Prefix {
	const mapped = 96
	if !network.Addr().Is4In6() || network.Bits() < mapped {
		return network
	}
	return netip.PrefixFrom(network.Addr().Unmap(), network.Bits()-mapped)
}
