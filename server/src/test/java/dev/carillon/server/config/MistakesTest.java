package dev.carillon.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MistakesTest {
  private static List<String> mistakes(String... lines) {
    String text = String.join("\n", lines);
    ConfigLoader loader = new ConfigLoader(Map.of());
    return catchThrowableOfType(ConfigException.class, () -> loader.load("config.yaml", text))
        .mistakes();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "server: {prot: 1} | server.prot: unknown key; did you mean port?",
        "server: {maxRequestSize: 1} | server.maxRequestSize: unknown key; did you mean max_request_size?",
        "sever: {} | sever: unknown key; did you mean server?",
        "logging: {colour: red} | logging.colour: unknown key; allowed are level, format",
        "server: {tls: {}} | server.tls: not known in this version",
        "status: {idle: 5} | status.idle: unknown key; allowed are offline_after, idle_after, away_after, coalesce, retention, dnd",
        "status: {idle_after: 0} | status.idle_after: got '0', allowed is a whole number from 1 to 2147483647",
        "status: {away_after: 299} | status.away_after: got 299, allowed is at least idle_after, which is 300",
        "status: {idle_after: 901} | status.idle_after: got 901, allowed is at most away_after, which is 900",
        "status: {coalesce: -0.25} | status.coalesce: got '-0.25', allowed is a number of seconds from 0 to 999999999, like 0.25",
        "status: {coalesce: 1e3} | status.coalesce: got '1e3', allowed is a number of seconds from 0 to 999999999, like 0.25",
        "status: {coalesce: \"1\"} | status.coalesce: got the text '1', allowed is a number of seconds from 0 to 999999999, like 0.25",
        "status: {retention: 0} | status.retention: got '0', allowed is a whole number from 1 to 2147483647",
        "status: {dnd: hold} | status.dnd: got 'hold', allowed are the keys mode, suppress",
        "status: {dnd: {mode: keep}} | status.dnd.mode: got 'keep', allowed is one of hold, drop",
        "status: {dnd: {suppress: a.*}} | status.dnd.suppress: got 'a.*', allowed is a list, like [notification.*]",
        "status: {dnd: {suppress: [\"\"]}} | status.dnd.suppress[0]: got the text '', allowed is the name of an event, in which * stands for anything, like notification.*",
        "apps: [{id: a, key: b, secret: c, status: off}] | apps[0].status: got 'off', allowed are the keys enabled, from_clients, location, in_rosters, user_channel",
        "apps: [{id: a, key: b, secret: c, status: {enabled: off}}] | apps[0].status.enabled: got 'off', allowed is true or false",
        "apps: [{id: a, key: b, secret: c, status: {user_channel: \"private-user\"}}] | apps[0].status.user_channel: got the text 'private-user', allowed is a private channel, not encrypted, with {id} once and no other placeholder, like private-App.Models.User.{id}",
        "apps: [{id: a, key: b, secret: c, status: {user_channel: \"private-{id}.{id}\"}}] | apps[0].status.user_channel: got the text 'private-{id}.{id}', allowed is a private channel, not encrypted, with {id} once and no other placeholder, like private-App.Models.User.{id}",
        "apps: [{id: a, key: b, secret: c, status: {user_channel: \"private-{team}.{id}\"}}] | apps[0].status.user_channel: got the text 'private-{team}.{id}', allowed is a private channel, not encrypted, with {id} once and no other placeholder, like private-App.Models.User.{id}",
        "apps: [{id: a, key: b, secret: c, status: {user_channel: \"presence-{id}\"}}] | apps[0].status.user_channel: got the text 'presence-{id}', allowed is a private channel, not encrypted, with {id} once and no other placeholder, like private-App.Models.User.{id}",
        "apps: [{id: a, key: b, secret: c, status: {user_channel: \"private-encrypted-{id}\"}}] | apps[0].status.user_channel: got the text 'private-encrypted-{id}', allowed is a private channel, not encrypted, with {id} once and no other placeholder, like private-App.Models.User.{id}",
        "server: {data_dir: } | server.data_dir: got nothing, allowed is the path of a folder, like /var/lib/carillon",
        "apps: [{id: a, key: b, secret: c, webhooks: x}] | apps[0].webhooks: got 'x', allowed is a list, like [{url: \"https://example.com/pusher\"}]",
        "apps: [{id: a, key: b, secret: c, webhooks: [{}]}] | apps[0].webhooks[0].url: missing; every webhook needs one",
        "apps: [{id: a, key: b, secret: c, webhooks: [{url: \"http://a:b@c/\"}]}] | apps[0].webhooks[0].url: got the text 'http://…@c/', allowed is an address like https://example.com/pusher, http or https, without user and fragment",
        "apps: [{id: a, key: b, secret: c, webhooks: [{url: \"ftp://c/\"}]}] | apps[0].webhooks[0].url: got the text 'ftp://c/', allowed is an address like https://example.com/pusher, http or https, without user and fragment",
        "apps: [{id: a, key: b, secret: c, webhooks: [{url: \"http://c/\", event: []}]}] | apps[0].webhooks[0].event: unknown key; did you mean events?",
        "apps: [{id: a, key: b, secret: c, webhooks: [{url: \"http://c/\", events: []}]}] | apps[0].webhooks[0].events: got none, allowed is at least one",
        "apps: [{id: a, key: b, secret: c, webhooks: [{url: \"http://c/\", events: [vacated]}]}] | apps[0].webhooks[0].events[0]: got 'vacated', allowed is one of channel_occupied, channel_vacated, member_added, member_removed, client_event, cache_miss, subscription_count, user_status_updated",
        "apps: [{id: a, key: b, secret: c, webhooks: [{url: \"http://c/\", channel_prefixes: presence-}]}] | apps[0].webhooks[0].channel_prefixes: got 'presence-', allowed is a list, like [presence-, private-chat.]",
        "apps: [{id: a, key: b, secret: c, webhooks: [{url: \"http://c/\", headers: {X-Pusher-Key: a}}]}] | apps[0].webhooks[0].headers.X-Pusher-Key: a header that the server itself sends",
        "apps: [{id: a, key: b, secret: c, webhooks: [{url: \"http://c/\", headers: {\"a b\": a}}]}] | apps[0].webhooks[0].headers.a b: not a header's name",
        "apps: [{id: a, key: b, secret: c, webhooks: [{url: \"http://c/\", headers: {X-A: \"tok\\nen\"}}]}] | apps[0].webhooks[0].headers.X-A: got something else, allowed is a text of visible ASCII characters",
        "auth_endpoint: {database: \"jdbc:mysql://u:hush@x/y\"} | auth_endpoint.database: got something else, allowed is jdbc:h2:… or jdbc:postgresql://…, like jdbc:h2:./data/auth",
        "auth_endpoint: {database_connections: 0} | auth_endpoint.database_connections: got '0', allowed is a whole number from 1 to 2147483647",
        "auth_endpoint: {server_url: localhost:8080} | auth_endpoint.server_url: got 'localhost:8080', allowed is an address like http://127.0.0.1:8080, http or https, or nothing for this file's server",
        "auth_endpoint: {jwt: {issuer: i, audience: a}} | auth_endpoint.jwt: got neither, allowed is one of jwks_url and secret",
        "auth_endpoint: {jwt: {jwks_url: \"https://x/k\", audience: a}} | auth_endpoint.jwt.issuer: missing; jwt needs one",
        "auth_endpoint: {jwt: {secret: short, issuer: i, audience: a}} | auth_endpoint.jwt.secret: got a short one, allowed are 32 bytes or more",
        "auth_endpoint: {jwt: {jwks_url: \"https://x/k\", issuer: i, audience: a, algorithms: [RS256, HS256]}} | auth_endpoint.jwt.algorithms: got [RS256, HS256], allowed with jwks_url are RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512",
        "auth_endpoint: {jwt: {jwks_url: \"https://x/k\", issuer: i, audience: a, algorithms: [none]}} | auth_endpoint.jwt.algorithms[0]: got 'none', allowed is one of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, with a secret HS256, HS384, HS512",
        "auth_endpoint: {jwt: {jwks_url: \"https://x/k\", issuer: i, audience: a, user_by: name}} | auth_endpoint.jwt.user_by: got 'name', allowed is one of id, email",
        "server: {port: 1, port: 2} | server.port: given twice; first in line 1",
        "server: {port: 70000} | server.port: got '70000', allowed is a whole number from 0 to 65535",
        "server: {port: \"80\"} | server.port: got the text '80', allowed is a whole number from 0 to 65535",
        "server: {port: 80.5} | server.port: got '80.5', allowed is a whole number from 0 to 65535",
        "server: {port: [80]} | server.port: got a list, allowed is a whole number from 0 to 65535",
        "server: {port: } | server.port: got nothing, allowed is a whole number from 0 to 65535",
        "server: {max_outbound_bytes: 99999999999999999999} | server.max_outbound_bytes: got '99999999999999999999', allowed is a whole number from 1 to 2147483647",
        "server: {host: \"http://a\"} | server.host: got the text 'http://a', allowed is a host name or an address, like 127.0.0.1",
        "server: {host: 1.2.3.400} | server.host: got '1.2.3.400', allowed is a host name or an address, like 127.0.0.1",
        "server: {trusted_proxies: 10.0.0.0/8} | server.trusted_proxies: got '10.0.0.0/8', allowed is a list, like [10.0.0.0/8]",
        "server: {trusted_proxies: [10.0.0.0/33]} | server.trusted_proxies[0]: got '10.0.0.0/33', allowed is an address or a range of them, like 10.0.0.0/8, 192.0.2.7 or fd00::/8",
        "server: {trusted_proxies: [\"fd00::/129\"]} | server.trusted_proxies[0]: got the text 'fd00::/129', allowed is an address or a range of them, like 10.0.0.0/8, 192.0.2.7 or fd00::/8",
        "server: {trusted_proxies: [localhost]} | server.trusted_proxies[0]: got 'localhost', allowed is an address or a range of them, like 10.0.0.0/8, 192.0.2.7 or fd00::/8",
        "server: {trusted_proxies: [10.1]} | server.trusted_proxies[0]: got '10.1', allowed is an address or a range of them, like 10.0.0.0/8, 192.0.2.7 or fd00::/8",
        "server: {trusted_proxies: [10.0.0.1/]} | server.trusted_proxies[0]: got '10.0.0.1/', allowed is an address or a range of them, like 10.0.0.0/8, 192.0.2.7 or fd00::/8",
        "server: {handshakes_per_minute: -1} | server.handshakes_per_minute: got '-1', allowed is a whole number from 0 to 2147483647",
        "apps: [{id: a, key: b, secret: c, rate_limiting: true}] | apps[0].rate_limiting: got 'true', allowed are the keys enabled, max_attempts, decay_seconds, terminate_on_limit",
        "apps: [{id: a, key: b, secret: c, rate_limiting: {max_attempts: 0}}] | apps[0].rate_limiting.max_attempts: got '0', allowed is a whole number from 1 to 2147483647",
        "apps: [{id: a, key: b, secret: c, rate_limiting: {decay: 1}}] | apps[0].rate_limiting.decay: unknown key; allowed are enabled, max_attempts, decay_seconds, terminate_on_limit",
        "server: {path: \"a b\"} | server.path: got the text 'a b', allowed is a path like /ws",
        "server: {transport: io_uring} | server.transport: got 'io_uring', not supported yet",
        "server: {transport: kqueue} | server.transport: got 'kqueue', allowed is one of auto, epoll, nio",
        "server: 8080 | server: got '8080', allowed are the keys host, port, path, max_request_size, transport, event_loops, max_outbound_bytes, trusted_proxies, handshakes_per_minute, failed_signatures_per_minute, warm_up, drain_seconds, data_dir",
        "server: {port: 9601} | server.port: got 9601, which is admin.port's too; allowed is another one",
        "admin: {host: 0.0.0.0} | admin.host: got '0.0.0.0', which others can reach; admin.token is needed then",
        "admin: {token: \"ä\"} | admin.token: got something else, allowed is a text of visible ASCII characters",
        "apps: [] | apps: got none, allowed is at least one",
        "apps: {id: a} | apps: got keys and values, allowed is a list, like [{…}]",
        "apps: [{id: a, key: b}] | apps[0].secret: missing; every app needs one",
        "apps: [{id: a/b, key: b, secret: c}] | apps[0].id: got 'a/b', allowed is a text without spaces and / ? # %",
        "apps: [{id: a, key: \"b:c\", secret: c}] | apps[0].key: got the text 'b:c', allowed is a text without spaces and / ? # % :",
        "apps: [{id: a, key: b, secret: }] | apps[0].secret: got nothing, allowed is a text in one line",
        "apps: [{id: a, key: b, secret: c, enabled: yes}] | apps[0].enabled: got 'yes', allowed is true or false",
        "apps: [{id: a, key: b, secret: c, allowed_origins: \"*\"}] | apps[0].allowed_origins: got the text '*', allowed is a list, like [\"*\"]",
        "apps: [{id: a, key: b, secret: c, ping_interval: 0}] | apps[0].ping_interval: got '0', allowed is a whole number from 1 to 2147483647",
        "apps: [{id: a, key: b, secret: c, signin_timeout: -1}] | apps[0].signin_timeout: got '-1', allowed is a whole number from 0 to 2147483647",
        "apps: [{id: a, key: b, secret: c}, {id: a, key: d, secret: e}] | apps[1].id: got 'a', which apps[0] has already",
        "apps: [{id: a, key: b, secret: c}, {id: d, key: b, secret: e}] | apps[1].key: got 'b', which apps[0] has already",
        "auth_endpoint: {app: app-idd} | auth_endpoint.app: got 'app-idd', allowed is the id of an app: app-id; did you mean app-id?",
        "auth_endpoint: {channels: [{pattern: \"private-x\", allow: user}]} | auth_endpoint.channels[0].pattern: got 'private-x', but allow: user needs {id} in it",
        "auth_endpoint: {channels: [{pattern: \"private-{id}\"}]} | auth_endpoint.channels[0].allow: missing; every rule needs one",
        "auth_endpoint: {channels: [{pattern: \"news\", allow: user}]} | auth_endpoint.channels[0].pattern: got the text 'news', allowed is a private or presence channel with {placeholders}, each once, like private-user.{id}",
        "auth_endpoint: {channels: [{pattern: \"private-{id}\", allow: all}]} | auth_endpoint.channels[0].allow: got 'all', allowed is one of user, member-of-team, any-user, nobody",
        "auth_endpoint: {channels: [{pattern: \"private-{id}.{id}\", allow: user}]} | auth_endpoint.channels[0].pattern: got the text 'private-{id}.{id}', allowed is a private or presence channel with {placeholders}, each once, like private-user.{id}",
        "logging: {level: loud} | logging.level: got 'loud', allowed is one of trace, debug, info, warn, error, off",
        "server: !!java.net.URL [x] | not valid YAML: Global tag is not allowed: tag:yaml.org,2002:java.net.URL",
        "server: !mine {} | server: got the tag !mine, no tags are allowed",
        "server: {host: \"${HOST}\"} | server.host: ${HOST} is not set in the environment; ${HOST:-x} would mean x then",
        "server: {host: \"${A:-${B:-b}}\"} | server.host: got '${', allowed are ${NAME} and ${NAME:-default}; $${ stands for ${ itself",
        "server: {host: \"${}\"} | server.host: got '${', allowed are ${NAME} and ${NAME:-default}; $${ stands for ${ itself",
        "[1, 2] | got a list, allowed are the keys server, admin, scaling, apps, status, auth_endpoint, logging",
        "? [a] : b | a key must be a word",
      })
  void isToldWithItsLineAndKey(String yaml, String mistake) {
    assertThat(mistakes(yaml)).containsExactly("config.yaml:1: " + mistake);
  }

  @Test
  void areToldAllAtOnceInTheOrderOfTheLines() {
    assertThat(
            mistakes(
                "server:",
                "  port: many",
                "  prot: 1",
                "apps:",
                "  - id: a",
                "    key: k",
                "    secret: s",
                "    max_conections: 5",
                "  - id: a",
                "    key: k2"))
        .containsExactly(
            "config.yaml:2: server.port: got 'many', allowed is a whole number from 0 to 65535",
            "config.yaml:3: server.prot: unknown key; did you mean port?",
            "config.yaml:8: apps[0].max_conections: unknown key; did you mean max_connections?",
            "config.yaml:9: apps[1].secret: missing; every app needs one",
            "config.yaml:9: apps[1].id: got 'a', which apps[0] has already");
  }

  @Test
  void inTheSyntaxAreOneLine() {
    assertThat(mistakes("server:", "  port: 1", " host: x"))
        .singleElement()
        .asString()
        .startsWith("config.yaml:3: not valid YAML: ")
        .hasLineCount(1);
    assertThat(mistakes("server: {", "a: \u0000"))
        .singleElement()
        .asString()
        .isEqualTo(
            "config.yaml:2: not valid YAML: got the character U+0000, which YAML does not allow");
    assertThat(mistakes("a: *b")).singleElement().asString().startsWith("config.yaml:1: not valid");
  }

  @Test
  void ofAliasesThatBlowUpAreOneLine() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
      String alias = "*a" + (i - 1);
      bomb.append(
          "a%d: &a%d [%s]%n"
              .formatted(
                  i,
                  i,
                  String.join(
                      ", ", List.of(alias, alias, alias, alias, alias, alias, alias, alias))));
    }

    assertThat(mistakes(bomb.toString())).singleElement().asString().contains("not valid YAML");
    assertThat(mistakes("a: &a [*a]")).singleElement().asString().contains("not valid YAML");
  }

  @Test
  void inEndlessValuesAreShortened() {
    String rule = "{pattern: \"private-" + "a".repeat(50_000) + "\", allow: nobody}";

    assertThat(
            mistakes(
                "server: {path: \""
                    + "/a".repeat(50_000)
                    + "\", host: \""
                    + "a.".repeat(50_000)
                    + "\"}",
                "auth_endpoint: {channels: [" + rule + "]}",
                "x".repeat(1_000) + ": 1"))
        .hasSize(4)
        .allSatisfy(mistake -> assertThat(mistake).hasSizeLessThan(400));
  }

  @Test
  void neverShowSecrets() {
    assertThat(mistakes("apps: [{id: a, key: b, secret: \"top\\nsecret\"}]"))
        .containsExactly(
            "config.yaml:1: apps[0].secret: got something else, allowed is a text in one line");
  }

  @Test
  void ofTheFileItselfNameIt(@TempDir Path folder) throws Exception {
    Path latin = Files.write(folder.resolve("latin.yaml"), new byte[] {'#', (byte) 0xe9, '\n'});
    Path missing = folder.resolve("missing.yaml");
    Path circle = folder.resolve("circle.yaml");
    Files.createSymbolicLink(circle, circle);
    ConfigLoader loader = new ConfigLoader(Map.of());

    assertThat(catchThrowableOfType(ConfigException.class, () -> loader.load(missing)).mistakes())
        .containsExactly(missing + ": no such file");
    assertThat(catchThrowableOfType(ConfigException.class, () -> loader.load(folder)).mistakes())
        .containsExactly(folder + ": cannot be read: it is a directory");
    assertThat(catchThrowableOfType(ConfigException.class, () -> loader.load(latin)).mistakes())
        .containsExactly(latin + ": not UTF-8");
    assertThat(catchThrowableOfType(ConfigException.class, () -> loader.load(circle)).mistakes())
        .singleElement()
        .asString()
        .startsWith(circle + ": cannot be read: Too many levels of symbolic links");
  }
}
