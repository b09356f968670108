package dev.carillon.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import dev.carillon.auth.TestBrowser.Answer;
import dev.carillon.auth.config.JwtConfig;
import dev.carillon.auth.config.JwtConfig.UserBy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JwtTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final RSAKey KEY = IdentityProvider.rsa("k1");

  @AutoClose private final IdentityProvider provider = new IdentityProvider();
  @AutoClose private TestSite site;

  @BeforeEach
  void open() {
    provider.publish(KEY);
    site = site(provider.config("RS256", "ES256"));
  }

  private static TestSite site(JwtConfig jwt) {
    TestSite.Setup setup = new TestSite.Setup();
    setup.jwt = jwt;
    return setup.start();
  }

  private Answer me(String token) {
    return site.bearing(token).get("/api/me");
  }

  private void assertRefused(String what, String token) {
    assertThat(me(token).status()).as(what).isEqualTo(401);
  }

  @Test
  void aTokenNamesTheUserAndNeedsNoCsrfToken() {
    TestBrowser ann =
        site.bearing(IdentityProvider.sign(KEY, IdentityProvider.claims("1").build()));

    assertThat(ann.get("/api/me").json().path("name").textValue()).isEqualTo("Ann");
    Map<String, String> join =
        Map.of("socket_id", "1.2", "channel_name", "presence-team.1.presence");
    assertThat(ann.postAsPusher("/broadcasting/auth", join).status()).isEqualTo(200);
    // No CSRF token, and no server: what is answered is that it is away.
    assertThat(
            ann.send(
                    "POST",
                    "/api/presence/status",
                    TestBrowser.JSON,
                    "{\"status\":\"busy\"}",
                    false)
                .status())
        .isEqualTo(503);
  }

  @Test
  void keysOfEachAllowedKindAreTaken() {
    ECKey curve = provider.publish(IdentityProvider.ec("k2"));
    JWTClaimsSet claims =
        IdentityProvider.claims("2").audience(List.of("x", IdentityProvider.AUDIENCE)).build();

    assertThat(me(IdentityProvider.sign(curve, claims)).status()).isEqualTo(200);
    assertThat(
            me(IdentityProvider.sign(new JWSHeader.Builder(JWSAlgorithm.RS256), KEY, claims))
                .status())
        .as("no kid")
        .isEqualTo(200);
    assertRefused(
        "RS512",
        IdentityProvider.sign(new JWSHeader.Builder(JWSAlgorithm.RS512).keyID("k1"), KEY, claims));
  }

  @Test
  void wrongClaimsAreRefused() {
    JWTClaimsSet.Builder right = IdentityProvider.claims("1");
    Date past = Date.from(Instant.now().minusSeconds(60));
    Date future = Date.from(Instant.now().plusSeconds(60));
    assertThat(me(IdentityProvider.sign(KEY, right.build())).status()).isEqualTo(200);

    assertRefused("expired", signed(IdentityProvider.claims("1").expirationTime(past)));
    assertRefused("for ever", signed(IdentityProvider.claims("1").expirationTime(null)));
    assertRefused("too early", signed(IdentityProvider.claims("1").notBeforeTime(future)));
    assertRefused("of the future", signed(IdentityProvider.claims("1").issueTime(future)));
    assertRefused("issuer", signed(IdentityProvider.claims("1").issuer("https://evil/")));
    assertRefused("no issuer", signed(IdentityProvider.claims("1").issuer(null)));
    assertRefused("audience", signed(IdentityProvider.claims("1").audience("shop")));
    assertRefused("no audience", signed(IdentityProvider.claims("1").audience(List.of())));
    assertRefused("nobody", signed(IdentityProvider.claims("99")));
    assertRefused("no name", signed(IdentityProvider.claims("1").subject(null)));
    assertRefused("SQL", signed(IdentityProvider.claims("' OR '1'='1")));
    assertRefused("zero", signed(IdentityProvider.claims("1\u0000")));
  }

  private static String signed(JWTClaimsSet.Builder claims) {
    return IdentityProvider.sign(KEY, claims.build());
  }

  @Test
  void forgedTokensAreRefused() throws Exception {
    JWTClaimsSet claims = IdentityProvider.claims("1").build();
    String right = IdentityProvider.sign(KEY, claims);
    String[] parts = right.split("\\.");
    RSAKey own = IdentityProvider.rsa("k1");

    assertRefused("alg none", new PlainJWT(claims).serialize());
    assertThat(me(new PlainJWT(claims).serialize()).header("www-authenticate"))
        .isEqualTo("Bearer error=\"invalid_token\"");
    for (String none : new String[] {"none", "None", "NONE", ""}) {
      String header = base64("{\"alg\":\"" + none + "\"}");
      assertRefused("alg " + none, header + "." + parts[1] + ".");
      assertRefused("alg " + none, header + "." + parts[1] + "." + parts[2]);
    }
    // Key confusion: the public key, which everybody has, taken for a shared secret.
    for (byte[] secret :
        new byte[][] {
          KEY.toRSAPublicKey().getEncoded(),
          KEY.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8)
        }) {
      assertRefused(
          "key confusion",
          IdentityProvider.sign(
              new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("k1"),
              new MACSigner(secret),
              claims));
    }
    assertRefused("another key of that id", IdentityProvider.sign(own, claims));
    assertRefused(
        "a key of its own",
        IdentityProvider.sign(
            new JWSHeader.Builder(JWSAlgorithm.RS256).jwk(own.toPublicJWK()), own, claims));
    assertRefused(
        "keys of its own",
        IdentityProvider.sign(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("k1").jwkURL(provider.url()),
            own,
            claims));
    assertRefused("changed", parts[0] + "." + base64("{\"sub\":\"2\"}") + "." + parts[2]);
    assertRefused("unsigned", parts[0] + "." + parts[1] + ".");
    assertRefused(
        "unknown extension",
        IdentityProvider.sign(
            new JWSHeader.Builder(JWSAlgorithm.RS256)
                .keyID("k1")
                .criticalParams(Set.of("exp"))
                .customParam("x", 1),
            KEY,
            claims));
    for (String garbage : new String[] {"", "x", "a.b.c", "..", "x".repeat(7_000)}) {
      assertRefused("garbage", garbage);
    }
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aBadTokenIsNotMadeGoodByASession() {
    TestBrowser ann = site.signedIn("ann").with("Authorization", "Bearer x");

    assertThat(ann.get("/api/me").status()).isEqualTo(401);
    assertThat(ann.postForm("/api/presence/status", Map.of("status", "busy")).status())
        .isEqualTo(401);
  }

  @Test
  void anUnknownKeyIsLookedForOnceInAWhile() {
    JWTClaimsSet claims = IdentityProvider.claims("1").build();
    me(IdentityProvider.sign(KEY, claims));
    int before = provider.asked.get();

    for (int i = 0; i < 10; i++) {
      assertRefused("unknown key", IdentityProvider.sign(IdentityProvider.rsa("new" + i), claims));
    }

    assertThat(provider.asked.get()).isEqualTo(before);
    assertThat(me(IdentityProvider.sign(KEY, claims)).status()).isEqualTo(200);
  }

  @Test
  void whileTheProviderIsAwayTokensCannotBeJudgedUnlessItsKeysAreKnown() {
    String token = IdentityProvider.sign(KEY, IdentityProvider.claims("1").build());
    provider.status = 500;

    Answer answer = me(token);

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.message()).contains("identity provider");
    assertThat(site.signedIn("ann").get("/api/me").status()).isEqualTo(200);
    provider.status = 200;
    try (TestSite other = site(provider.config("RS256"))) {
      assertThat(other.bearing(token).get("/api/me").status()).isEqualTo(200);
      provider.close();
      assertThat(other.bearing(token).get("/api/me").status()).isEqualTo(200);
    }
  }

  @Test
  void aSharedSecretAndAnotherClaimDoAsWell() throws Exception {
    JwtConfig shared =
        new JwtConfig(
            null,
            SECRET,
            IdentityProvider.ISSUER,
            IdentityProvider.AUDIENCE,
            List.of("HS256"),
            "email",
            UserBy.EMAIL);
    JWTClaimsSet claims = IdentityProvider.claims("x").claim("email", "Dan@Example.com").build();
    JWSHeader.Builder header = new JWSHeader.Builder(JWSAlgorithm.HS256);
    try (TestSite other = site(shared)) {
      String right = IdentityProvider.sign(header, new MACSigner(SECRET), claims);
      String wrong = IdentityProvider.sign(header, new MACSigner("x".repeat(32)), claims);
      String rsa = IdentityProvider.sign(KEY, claims);

      assertThat(other.bearing(right).get("/api/me").json().path("id").textValue()).isEqualTo("4");
      assertThat(other.bearing(wrong).get("/api/me").status()).isEqualTo(401);
      assertThat(other.bearing(rsa).get("/api/me").status()).isEqualTo(401);
    }
  }

  @Test
  void noTokenIsTakenUnlessConfigured() {
    try (TestSite other = TestSite.start()) {
      String token = IdentityProvider.sign(KEY, IdentityProvider.claims("1").build());

      assertThat(other.bearing(token).get("/api/me").status()).isEqualTo(401);
    }
  }
}
