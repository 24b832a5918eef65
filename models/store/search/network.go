package search

import (
	"net/netip"
	"slices"
	"strings"

	"gorm.io/gorm"

	"muster/models"
)

// inNetwork finds the rows whose address is in a network: it reads those whose text
// begins as all of the network do, and looks at each.
func inNetwork(tx *gorm.DB, q models.Search, from part) ([]string, models.Total, error) {
	beginning := beginningOf(q.Network)
	var rows []struct{ IP, ID string }
	err := tx.Raw("SELECT ip, id FROM "+from.sql+" AND ip >= ? AND ip < ? ORDER BY ip LIMIT ?",
		slices.Concat(from.args, []any{beginning, beginning + highestRune, mostEntries + 1})...).Scan(&rows).Error
	if err != nil || len(rows) > mostEntries {
		return nil, models.Total{TooMany: err == nil}, err
	}
	var ids []string
	for _, row := range rows {
		if ip, err := netip.ParseAddr(row.IP); err == nil && q.Network.Contains(ip.Unmap().WithZone("")) {
			ids = append(ids, row.ID)
		}
	}
	slices.SortFunc(ids, func(a, b string) int { return strings.Compare(b, a) })
	total := totalOf(len(ids))
	return cut(ids, q.Limit), total, nil
}

// beginningOf is how the text of each address in a network begins. Of an IPv6 address
// the longest run of zeros is left out, so it ends before the first.
func beginningOf(network netip.Prefix) string {
	separator, bits := ".", 8
	if network.Addr().Is6() {
		separator, bits = ":", 16
	}
	beginning := ""
	for _, group := range strings.Split(network.Addr().StringExpanded(), separator)[:network.Bits()/bits] {
		if separator == ":" {
			if group = strings.TrimLeft(group, "0"); group == "" {
				break
			}
		}
		beginning += group + separator
	}
	return beginning
}
