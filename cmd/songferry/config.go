package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/alecthomas/kong"

	"github.com/songferry/songferry/federation"
	"github.com/songferry/songferry/migrations"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/notify"
	"github.com/songferry/songferry/playlists/seal"
)

// Settings is every setting, its default and its meaning. Each is an environment variable, or a line of the same name
// in the TOML file given by --config; the environment wins.
type Settings struct {
	Config kong.ConfigFlag `help:"TOML file with settings." placeholder:"FILE"`

	URL           string `env:"SONGFERRY_URL" hidden:"" help:"The public origin, scheme and host only. Without one this bridge only receives."`
	Listen        string `env:"SONGFERRY_LISTEN" hidden:"" default:"127.0.0.1:8080" help:"Address that the HTTP server listens on."`
	HTTPSListen   string `name:"https-listen" env:"SONGFERRY_HTTPS_LISTEN" hidden:"" help:"Address for HTTPS without a proxy, such as :443; certificates come from Let's Encrypt, whose terms you thereby accept."`
	ACMEEmail     string `name:"acme-email" env:"SONGFERRY_ACME_EMAIL" hidden:"" help:"Where it may write about your certificate."`
	ACMEDirectory string `name:"acme-directory" env:"SONGFERRY_ACME_DIRECTORY" hidden:"" default:"https://acme-v02.api.letsencrypt.org/directory" help:"Another authority that speaks ACME."`

	Data     string `env:"SONGFERRY_DATA" hidden:"" default:"./songferry-data" help:"Folder with the database and the key file."`
	Database string `env:"SONGFERRY_DATABASE" hidden:"" help:"Where everything is kept: the path of another SQLite file than songferry.db in the data folder, or the address of a PostgreSQL database, postgres://user:password@host:5432/name."`
	KeyFile  string `env:"SONGFERRY_KEY_FILE" hidden:"" help:"The sealing key, if it is not to be in the data folder."`

	PollInterval    time.Duration `env:"SONGFERRY_POLL_INTERVAL" hidden:"" default:"1m" help:"Time between two readings of an account's playlists."`
	RefreshInterval time.Duration `env:"SONGFERRY_REFRESH_INTERVAL" hidden:"" default:"6h" help:"Time between two readings of a followed playlist that has not said that it changed."`
	QuietTime       time.Duration `env:"SONGFERRY_QUIET_TIME" hidden:"" default:"2m" help:"Edits within it are told to followers together; 0s tells at once."`

	NewsQuietTime time.Duration `env:"SONGFERRY_NEWS_QUIET_TIME" hidden:"" default:"30m" help:"Additions within it make one post for people on microblogs."`

	PrivateNetworks []string `env:"SONGFERRY_FEDERATION_PRIVATE_NETWORKS" hidden:"" help:"Networks (CIDR) that federation may reach although they are not public; for tests."`
	Mode            string   `env:"SONGFERRY_FEDERATION_MODE" hidden:"" default:"open" enum:"open,allowlist" help:"open: all servers but those that are blocked; allowlist: allowed domains only."`
	AllowedDomains  []string `env:"SONGFERRY_FEDERATION_ALLOWED_DOMAINS" hidden:"" help:"Domains to federate with in allowlist mode."`
	AuthorizedFetch bool     `env:"SONGFERRY_FEDERATION_AUTHORIZED_FETCH" hidden:"" default:"false" help:"Let others read over ActivityPub by signed requests only, so that blocks hold for reading too."`
	BlockedDomains  []string `env:"SONGFERRY_FEDERATION_BLOCKED_DOMAINS" hidden:"" help:"Domains never to federate with."`

	TrustedProxies []string `env:"SONGFERRY_TRUSTED_PROXIES" hidden:"" help:"Networks (CIDR) of reverse proxies whose X-Forwarded-For, -Proto and -Host are believed; else all visitors that come by a proxy count as one. The pages ask administrators about those in private networks."`

	SubsonicURL string `name:"family-server" env:"SONGFERRY_SUBSONIC_URL" hidden:"" help:"The family's music server: whoever has an account there can sign in here, and becomes a member."`

	AuthHeader string `env:"SONGFERRY_AUTH_HEADER" hidden:"" help:"Header, such as Remote-User, in which the proxies of SONGFERRY_TRUSTED_PROXIES name who has signed in with them. The proxy must take it out of what it receives."`

	BackupInterval time.Duration `env:"SONGFERRY_BACKUP_INTERVAL" hidden:"" default:"24h" help:"Time between two backups into the data folder; 0s makes none."`
	BackupKeep     int           `env:"SONGFERRY_BACKUP_KEEP" hidden:"" default:"5" help:"How many backups are kept, the newest."`

	MetricsListen string `env:"SONGFERRY_METRICS_LISTEN" hidden:"" help:"Address of a listener of its own for Prometheus, such as 127.0.0.1:9090; without one there is none."`

	SMTPURL  string `name:"smtp-url" env:"SONGFERRY_SMTP_URL" hidden:"" help:"The mail server that e-mail to members goes by: smtp://user:password@mail.example:587, or smtps:// for TLS from the beginning. Better in a file, named by SONGFERRY_SMTP_URL_FILE."`
	SMTPFrom string `name:"smtp-from" env:"SONGFERRY_SMTP_FROM" hidden:"" help:"The address that such e-mail comes from."`

	Contact string `env:"SONGFERRY_CONTACT" hidden:"" help:"Whom to write to about what should not be here: an e-mail address, or the https address of a page. Every page leads there."`

	LogLevel  string `env:"SONGFERRY_LOG_LEVEL" hidden:"" default:"info" enum:"debug,info,warn,error" help:"Least level that is logged: debug, info, warn or error."`
	LogFormat string `env:"SONGFERRY_LOG_FORMAT" hidden:"" default:"text" enum:"text,json" help:"Form of the log: text or json."`

	jobs     []string      // that this process does; nil: all
	patience time.Duration // for one call to another server; 0: what fits its kind. Only tests have less
}

// tomlFile gives settings by the names of their environment variables.
type tomlFile map[string]any

func readTOML(r io.Reader) (kong.Resolver, error) {
	f := tomlFile{}
	if _, err := toml.NewDecoder(r).Decode(&f); err != nil {
		return nil, fmt.Errorf("the settings file cannot be read: %w", err)
	}
	return f, nil
}

// Validate refuses names that are no settings: a misspelt one would be ignored without a word.
func (f tomlFile) Validate(*kong.Application) error {
	for name := range f {
		if !isSetting(name) {
			return fmt.Errorf("the settings file has %q, which is no setting; `songferry serve --help` lists them", name)
		}
	}
	return nil
}

func isSetting(name string) bool {
	for field := range fieldsOf(Settings{}) {
		if field.Tag.Get("env") == name {
			return true
		}
	}
	return name == accountName
}

// Resolve implements kong.Resolver. The environment wins.
func (f tomlFile) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	for _, name := range flag.Envs {
		if v, ok := f[name]; ok && os.Getenv(name) == "" {
			return v, nil
		}
	}
	return nil, nil
}

// accountName is a setting that only commands about accounts have.
const accountName = "SONGFERRY_ACCOUNT"

// secret returns the value of a secret setting: from the environment variable name, or from the file that the
// variable name_FILE names.
func secret(name string) (string, error) {
	if path := os.Getenv(name + "_FILE"); path != "" {
		text, err := os.ReadFile(path)
		if err != nil {
			return "", playlists.Problemf(playlists.Invalid, err, "The file named by %s_FILE cannot be read.", name)
		}
		return strings.TrimRight(string(text), "\r\n"), nil
	}
	return os.Getenv(name), nil
}

// origin returns the public origin that is set, nil when none is.
func (s Settings) origin() (*url.URL, error) {
	if s.URL == "" {
		return nil, nil
	}
	networks, err := s.privateNetworks()
	if err != nil {
		return nil, err
	}
	origin, err := readOrigin(s.URL, networks)
	if err != nil {
		return nil, playlists.Problemf(playlists.Invalid, err, "SONGFERRY_URL: %s", playlists.Say(err))
	}
	return origin, nil
}

func (s Settings) privateNetworks() ([]netip.Prefix, error) {
	return readNetworks("SONGFERRY_FEDERATION_PRIVATE_NETWORKS", s.PrivateNetworks)
}

func (s Settings) trustedProxies() ([]netip.Prefix, error) {
	return readNetworks("SONGFERRY_TRUSTED_PROXIES", s.TrustedProxies)
}

// readNetworks reads the networks of a setting.
func readNetworks(setting string, list []string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, text := range list {
		p, err := netip.ParsePrefix(strings.TrimSpace(text))
		if err != nil {
			return nil, playlists.Problemf(playlists.Invalid, err, "%s: %q is not a network like 192.168.0.0/16.", setting, text)
		}
		out = append(out, p.Masked())
	}
	return out, nil
}

// mailer returns what sends e-mail, nil where nothing does.
func (s Settings) mailer() (*notify.Mailer, error) {
	address, err := secret("SONGFERRY_SMTP_URL")
	if address == "" {
		address = s.SMTPURL // of the settings file
	}
	if address == "" || err != nil {
		return nil, err
	}
	return notify.NewMailer(address, s.SMTPFrom)
}

func (s Settings) policy() federation.Policy {
	return federation.Policy{Mode: federation.PolicyMode(s.Mode), Allowed: s.AllowedDomains, Blocked: s.BlockedDomains}
}

// contact returns whom to write to, "" when nobody is named.
func (s Settings) contact() (string, error) {
	if s.Contact == "" {
		return "", nil
	}
	if u, err := url.Parse(s.Contact); err == nil && u.Scheme == "https" && u.Host != "" {
		return s.Contact, nil
	}
	if a, err := mail.ParseAddress(s.Contact); err == nil && a.Name == "" {
		return a.Address, nil
	}
	return "", playlists.Problemf(playlists.Invalid, nil, "SONGFERRY_CONTACT must be an e-mail address, such as takedown@music.example, or the address of a page that begins with https://.")
}

// otherAddress are forms in which a PostgreSQL database may be given elsewhere. Taken for the name of a file, its password would be shown.
var otherAddress = regexp.MustCompile(`^postgres(ql)?:|(^|\s)(host|user|password|dbname)\s*=`)

// database returns the path of the SQLite file, or the address of the PostgreSQL database, which is a secret.
func (s Settings) database() (name string, err error) {
	if name, err = secret("SONGFERRY_DATABASE"); err != nil {
		return "", err
	}
	name = cmp.Or(s.Database, name)
	if (strings.Contains(name, "://") || otherAddress.MatchString(name)) && !migrations.IsPostgres(name) {
		return "", playlists.Problemf(playlists.Invalid, nil, "SONGFERRY_DATABASE must be the path of a file, or begin with postgres://.")
	}
	return cmp.Or(name, filepath.Join(s.Data, "songferry.db")), nil
}

func (s Settings) keyPath() string {
	if s.KeyFile != "" {
		return s.KeyFile
	}
	return filepath.Join(s.Data, "songferry.key")
}

// makeDataFolder makes the data folder, for its owner only, and sees whether this user may write there.
func (s Settings) makeDataFolder() error {
	if err := os.MkdirAll(s.Data, 0o700); migrations.Trouble(err) != nil {
		return explainTrouble(err)
	} else if err != nil {
		return playlists.Problemf(playlists.Invalid, err, "The data folder %s cannot be made. Set SONGFERRY_DATA to one that can.", s.Data)
	}
	f, err := os.CreateTemp(s.Data, ".try-*")
	if migrations.Trouble(err) != nil {
		return explainTrouble(err)
	}
	if err != nil {
		return playlists.Problemf(playlists.Invalid, err,
			"The data folder %s cannot be written by this user. Run the command as the user that owns the folder, or set SONGFERRY_DATA to another.", s.Data)
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// missBridge fails where there is no database: whoever forgot a setting in a new terminal must not begin a second bridge.
func (s Settings) missBridge() error {
	path, err := s.database()
	if err != nil || migrations.IsPostgres(path) {
		return err // a server says by itself what it does not have
	}
	if _, err = os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return nil // whoever opens it says what else is wrong
	}
	if s.Database != "" {
		return playlists.Problemf(playlists.Invalid, err, "There is no Songferry in %s. Set SONGFERRY_DATABASE to the file that `songferry serve` uses.", path)
	}
	return playlists.Problemf(playlists.Invalid, err, "There is no Songferry in %s. Set SONGFERRY_DATA to the folder that `songferry serve` uses.", s.Data)
}

// missDatabase fails when the database is an empty file although a bridge has worked on it: what is left when a disk was full or
// lost its power. A bridge that died at its very first start has left such a file too, but no lock beside it.
func (s Settings) missDatabase(path string) error {
	about, err := os.Stat(path)
	if err == nil && about.Size() == 0 && len(existing(path+"-wal")) == 0 && len(existing(path+".lock")) > 0 {
		return playlists.Problemf(playlists.Invalid, nil,
			"The database %s is empty, so all that was in it is lost: restore a backup with `songferry restore --replace`. To begin anew, delete the file.", path)
	}
	return nil // whoever opens it says what else is wrong
}

// loadKey reads the sealing key, and makes one for a bridge that has no database at path yet.
func (s Settings) loadKey(path string) (*seal.Key, error) {
	about, err := os.Stat(path)
	if err == nil && about.Size() > 0 && len(existing(s.keyPath())) == 0 {
		return nil, playlists.Problemf(playlists.Invalid, nil,
			"The key file %s is missing. Restore a backup: nothing else opens the saved logins and the keys that playlists are published with. To begin anew, move %s away too.", s.keyPath(), path)
	}
	key, err := seal.LoadKey(s.keyPath())
	if err != nil {
		return nil, s.explainKey(err)
	}
	return key, nil
}

// explainKey says in words why the sealing key cannot be had.
func (s Settings) explainKey(err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return playlists.Problemf(playlists.Invalid, err, "The key file %s cannot be read by this user. Run the command as the user that runs `songferry serve`.", s.keyPath())
	}
	return playlists.Problemf(playlists.Invalid, err, "The key file %s cannot be used. If it is damaged, restore it from a backup: nothing else opens the saved logins and the keys that playlists are published with.", s.keyPath())
}

// localURL is where a program on this machine reaches the server.
func (s Settings) localURL() (string, error) {
	host, port, err := net.SplitHostPort(s.Listen)
	if err != nil {
		return "", playlists.Problemf(playlists.Invalid, err, "SONGFERRY_LISTEN must look like 127.0.0.1:8080.")
	}
	if ip, err := netip.ParseAddr(host); host == "" || err == nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port), nil
}
