// Package forwarded finds out which address a request comes from when the server is
// behind proxies. It trusts one header, and only from trusted proxies; everything
// else in a request was written by the client. A header that cannot be read gives an
// unknown address, never that of the proxy: rules and limits that use addresses must
// not take a stranger for the proxy.
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

// The headers that contain a list. Any other header contains a single address.
const (
	XForwardedFor = "X-Forwarded-For"
	Forwarded     = "Forwarded" // RFC 7239
)

// Reader reads the addresses of clients. It is safe for concurrent use.
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

// New returns a Reader that trusts header (XForwardedFor when empty) from the trusted
// networks. It logs what it cannot read, once a minute by the clock now.
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

// Client is the address that the request comes from, without a zone and never
// IPv4-mapped IPv6. It is the zero Addr when the address is unknown: a trusted proxy
// sent the header, and it cannot be read.
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

// read returns the client that the header names, or the entry it cannot read. Each
// proxy appends the address of its own peer, so read goes backwards past trusted
// proxies to the first other address; when all are trusted, it takes the first one.
// Entries to the left of one that cannot be read are ignored: their author is
// unknown.
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

// peerOf is the zero Addr if there is no address, as for the peer of a Unix socket.
func peerOf(remoteAddr string) netip.Addr {
	peer, err := netip.ParseAddrPort(remoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return peer.Addr().Unmap().WithZone("")
}

// unmapped is the IPv4 network of an IPv4-mapped IPv6 one.
func unmapped(network netip.Prefix) netip.Prefix {
	const mapped = 96
	if !network.Addr().Is4In6() || network.Bits() < mapped {
		return network
	}
	return netip.PrefixFrom(network.Addr().Unmap(), network.Bits()-mapped)
}
