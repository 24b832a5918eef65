package handlers

import (
	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
)

// lookUpPersonal counts and audits what a list is narrowed by; see
// [seen.Reader.LookUp].
func (s *Server) lookUpPersonal(c echo.Context, asked map[string]string) error {
	return s.read.LookUp(c.Request().Context(), web.Viewer(c), asked)
}

// askedFor are the values a filter narrows by that may be personal data.
func askedFor(f models.AuthTokenFilter) map[string]string {
	return map[string]string{
		"systemUserName": f.SystemUserName, "fqdn": f.FQDN, "macAddress": f.MACAddress, "identifier": f.Identifier,
		"refId1": f.RefID1, "refId2": f.RefID2, "ip": f.IP, "search": f.Search,
	}
}
