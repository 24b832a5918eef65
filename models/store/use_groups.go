package store

import (
	"cmp"
	"context"
	"time"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/listing"
	"muster/models/store/projection"
	"muster/models/store/usegroups"
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

var useGroupList = listing.List[usegroups.Group]{
	Name:   "useGroups",
	Newest: listing.By("uses", func(g *usegroups.Group) any { return g.Uses }),
	ID:     func(g *usegroups.Group) string { return g.ID },
}

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
	groups, err := s.groups(ctx, filter, by, column, page, now)
	if err != nil {
		return result, s.failure(err, authToken)
	}
	ids := make([]string, 0, 2*len(groups.Items))
	for _, g := range groups.Items {
		ids = append(ids, g.ID, g.Last)
	}
	byID, err := s.authTokensByID(s.read.WithContext(ctx), ids)
	result.NextToken = groups.NextToken
	for _, g := range groups.Items {
		result.Items = append(result.Items, models.UseGroup{
			Unknown: g.Unknown, Uses: g.Uses, Reclaimed: g.Reclaimed, Surplus: g.Held - g.HeldDevices,
			Live: g.Live, Ended: g.Uses - g.Deleted - g.Live, Deleted: g.Deleted,
			People: g.People, Devices: g.Devices, First: byID[g.ID], Last: byID[g.Last],
		})
	}
	return result, s.failure(err, authToken)
}

// groups is a page of groups: of all uses of a registration token they are counted from
// memory, of others by the database.
func (s *Store) groups(ctx context.Context, filter models.AuthTokenFilter, by models.Facet, column string, page models.PageRequest, now time.Time) (groups models.Page[usegroups.Group], err error) {
	narrower := filter
	narrower.RegistrationTokenID = ""
	if filter.RegistrationTokenID != "" && narrower.Empty() {
		shown, failed := s.useGroups.Read(ctx, s.snapshot, filter.RegistrationTokenID, by, now, func(all []usegroups.Group) []usegroups.Group {
			groups, err = useGroupList.Cut(all, []any{filter, by}, page)
			return groups.Items
		})
		groups.Items = shown
		return groups, cmp.Or(failed, err)
	}
	err = s.snapshot(ctx, func(tx *gorm.DB) error {
		selected, err := s.filterDesk(tx, filter, now)
		if err != nil {
			return err
		}
		groups, err = useGroupList.Page(tx.Table("(?) AS use_groups", usegroups.Of(selected, column, string(live), now)), []any{filter, by}, page)
		return err
	})
	return groups, err
}
