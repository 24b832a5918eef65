package main

import (
	"container/list"
	"net"
	"net/http"
	"net/netip"
	"sync"
)

// mostIdle is how many connections of an address may be open and ask nothing. A proxy
// keeps some dozens.
const mostIdle = 512

// idleConns closes the connections of an address that have been idle the longest, so
// that what somebody opens and leaves takes no room from others. Those on which a
// request is under way are never closed.
type idleConns struct {
	most int

	mu    sync.Mutex
	idle  map[netip.Prefix]*list.List // of net.Conn, by address
	where map[net.Conn]*list.Element
}

func newIdleConns(most int) *idleConns {
	return &idleConns{most: most, idle: map[netip.Prefix]*list.List{}, where: map[net.Conn]*list.Element{}}
}

// note is an [http.Server.ConnState].
func (i *idleConns) note(conn net.Conn, state http.ConnState) {
	from := network(conn)
	i.mu.Lock()
	defer i.mu.Unlock()
	i.remove(from, conn)
	if state != http.StateNew && state != http.StateIdle {
		return
	}
	if i.idle[from] == nil {
		i.idle[from] = list.New()
	}
	i.where[conn] = i.idle[from].PushBack(conn)
	if i.idle[from].Len() > i.most {
		oldest := i.idle[from].Front().Value.(net.Conn)
		i.remove(from, oldest)
		_ = oldest.Close() // the server notices, and has nothing to say about it
	}
}

func (i *idleConns) remove(from netip.Prefix, conn net.Conn) {
	at, ok := i.where[conn]
	if !ok {
		return
	}
	delete(i.where, conn)
	if i.idle[from].Remove(at); i.idle[from].Len() == 0 {
		delete(i.idle, from)
	}
}

// network is the address that a connection comes from, for IPv6 its /64; the zero value
// where it has none.
func network(conn net.Conn) netip.Prefix {
	from, ok := conn.RemoteAddr().(*net.TCPAddr)
	if !ok {
		return netip.Prefix{}
	}
	address := from.AddrPort().Addr().Unmap().WithZone("")
	bits := 64
	if address.Is4() {
		bits = 32
	}
	prefix, _ := address.Prefix(bits) // always in range
	return prefix
}
