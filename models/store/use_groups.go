package store

import (
	"context"
	"database/sql"
	"time"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/listing"
	"muster/models/store/projection"
)

// facetColumns has the columns that uses are grouped by.
var facetColumns = map[models.Facet]string{
	models.FacetPerson:  "person",
	models.FacetDevice:  "device",
	models.FacetNetwork: "network",
	models.FacetDomain:  "domain",
}

func unknownFacet() error {
	return models.InvalidField("by", "Uses cannot be grouped by that.")
}

// narrowByLike keeps what shares something with an auth token, if one is given.
func narrowByLike(db *gorm.DB, like models.Like) (*gorm.DB, error) {
	if like == (models.Like{}) {
		return db, nil
	}
	column, ok := facetColumns[like.Facet]
	if !ok {
		return nil, unknownFacet()
	}
	return db.Where("(customer_id, "+column+") = (SELECT alike.customer_id, alike."+column+" FROM desk_uses AS alike WHERE alike."+
		projection.Current+" AND alike.id = ?)", like.AuthTokenID), nil
}

// useGroupRow is what one statement counts for a group. ID is its oldest auth
// token, so that the order of groups of the same size does not depend on what they
// share, which may be a name that the reader sees masked.
type useGroupRow struct {
	ID                             string
	Unknown                        bool
	Uses, Reclaimed, Deleted, Live int
	Held, HeldDevices              int
	People, Devices                int
	Last                           string
}

var useGroupList = listing.List[useGroupRow]{
	Name:   "useGroups",
	Newest: listing.By("uses", func(r *useGroupRow) any { return r.Uses }),
	ID:     func(r *useGroupRow) string { return r.ID },
}

// A use without a device, or of one that cannot be told from others, counts as a
// device of its own, and a device that several people share once for each. Ids sort by
// time, so they tell the first and the last.
var useGroupColumns = ` = '' AS unknown, COUNT(*) AS uses,
	SUM(CASE WHEN count_reclaimed THEN 1 ELSE 0 END) AS reclaimed,
	SUM(CASE WHEN deleted_at IS NOT NULL THEN 1 ELSE 0 END) AS deleted,
	SUM(CASE WHEN ` + string(live) + ` THEN 1 ELSE 0 END) AS live,
	SUM(CASE WHEN count_reclaimed THEN 0 ELSE 1 END) AS held,
	COUNT(DISTINCT CASE WHEN count_reclaimed OR vague OR device = '' THEN NULL ELSE device || ' ' || person END)
		+ SUM(CASE WHEN (vague OR device = '') AND NOT count_reclaimed THEN 1 ELSE 0 END) AS held_devices,
	COUNT(DISTINCT NULLIF(person, '')) AS people,
	COUNT(DISTINCT NULLIF(device, '')) AS devices,
	MIN(id) AS id, MAX(id) AS last`

// UseGroups groups the uses whose auth tokens the filter selects by what they
// share, the largest group first. KindInvalid as in AuthTokens, and with the field
// by.
func (s *Store) UseGroups(ctx context.Context, filter models.AuthTokenFilter, by models.Facet, page models.PageRequest, now time.Time) (models.Page[models.UseGroup], error) {
	var result models.Page[models.UseGroup]
	column, ok := facetColumns[by]
	if !ok {
		return result, unknownFacet()
	}
	if err := s.awaitDesk(ctx, false); err != nil {
		return result, err
	}
	err := s.snapshot(ctx, func(tx *gorm.DB) error {
		selected, err := s.filterDesk(tx, filter, now)
		if err != nil {
			return err
		}
		grouped := selected.Select(column+useGroupColumns, sql.Named("now", now.UTC())).Group(column)
		rows, err := useGroupList.Page(tx.Table("(?) AS use_groups", grouped), []any{filter, by}, page)
		if err != nil {
			return err
		}
		ids := make([]string, 0, 2*len(rows.Items))
		for _, r := range rows.Items {
			ids = append(ids, r.ID, r.Last)
		}
		byID, err := s.authTokensByID(tx, ids)
		if err != nil {
			return err
		}
		result.NextToken = rows.NextToken
		for _, r := range rows.Items {
			result.Items = append(result.Items, models.UseGroup{
				Unknown: r.Unknown, Uses: r.Uses, Reclaimed: r.Reclaimed, Surplus: r.Held - r.HeldDevices,
				Live: r.Live, Ended: r.Uses - r.Deleted - r.Live, Deleted: r.Deleted,
				People: r.People, Devices: r.Devices, First: byID[r.ID], Last: byID[r.Last],
			})
		}
		return nil
	})
	return result, s.failure(err, authToken)
}
