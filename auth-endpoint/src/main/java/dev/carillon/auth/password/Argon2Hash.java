package dev.carillon.auth.password;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * The Argon2 hash of a password, with what it was made with: {@code
 * $argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>}, the form that PHP, Laravel and the reference
 * implementation write. New ones are Argon2id with the parameters that OWASP's Password Storage
 * Cheat Sheet has; hashes of other parameters, and of Argon2i and Argon2d, are verified too.
 *
 * <p>Immutable. Hashing takes about 20 MiB and a tenth of a second: not for event loops.
 */
public final class Argon2Hash {
  private static final int MEMORY_KIB = 19_456;
  private static final int ITERATIONS = 2;
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;

  // Whoever can write a hash can name its costs; beyond these a login would stop the endpoint.
  private static final int MEMORY_KIB_MAX = 1 << 20;
  private static final int ITERATIONS_MAX = 64;
  private static final int LANES_MAX = 64;

  private static final Map<String, Integer> TYPES =
      Map.of(
          "argon2d", Argon2Parameters.ARGON2_d,
          "argon2i", Argon2Parameters.ARGON2_i,
          "argon2id", Argon2Parameters.ARGON2_id);
  private static final Pattern FORM =
      Pattern.compile(
          "\\$(argon2(?:id|i|d))\\$v=(16|19)\\$m=([0-9]{1,9}),t=([0-9]{1,9}),p=([0-9]{1,9})"
              + "\\$([A-Za-z0-9+/]{11,128})\\$([A-Za-z0-9+/]{16,128})");

  private static final SecureRandom RANDOM = new SecureRandom();

  private final String text;
  private final Argon2Parameters parameters;
  private final byte[] hash;

  private Argon2Hash(String text, Argon2Parameters parameters, byte[] hash) {
    this.text = text;
    this.parameters = parameters;
    this.hash = hash;
  }

  /** A new hash of that password. */
  public static Argon2Hash of(String password) {
    byte[] salt = random(SALT_BYTES);
    Argon2Parameters parameters =
        parameters(
            Argon2Parameters.ARGON2_id,
            Argon2Parameters.ARGON2_VERSION_13,
            MEMORY_KIB,
            ITERATIONS,
            1,
            salt);
    return written(salt, parameters, hash(parameters, password, HASH_BYTES));
  }

  /** One that no password has, and that takes as long to find that out as any. */
  public static Argon2Hash ofNobody() {
    byte[] salt = random(SALT_BYTES);
    return written(
        salt,
        parameters(
            Argon2Parameters.ARGON2_id,
            Argon2Parameters.ARGON2_VERSION_13,
            MEMORY_KIB,
            ITERATIONS,
            1,
            salt),
        random(HASH_BYTES));
  }

  private static Argon2Hash written(byte[] salt, Argon2Parameters parameters, byte[] hash) {
    Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
    String text =
        "$argon2id$v=19$m=%d,t=%d,p=1$%s$%s"
            .formatted(
                MEMORY_KIB, ITERATIONS, base64.encodeToString(salt), base64.encodeToString(hash));
    return new Argon2Hash(text, parameters, hash);
  }

  /**
   * The hash that is written so.
   *
   * @throws IllegalArgumentException if it is none, or costs more than a login may; without the
   *     hash
   */
  public static Argon2Hash parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "password hash: expected $argon2id$v=19$m=…,t=…,p=…$salt$hash");
    }
    int memory = Integer.parseInt(form.group(3));
    int iterations = Integer.parseInt(form.group(4));
    int lanes = Integer.parseInt(form.group(5));
    if (iterations < 1 || iterations > ITERATIONS_MAX) {
      throw bad("t", iterations, 1, ITERATIONS_MAX);
    }
    if (lanes < 1 || lanes > LANES_MAX) {
      throw bad("p", lanes, 1, LANES_MAX);
    }
    if (memory < 8 * lanes || memory > MEMORY_KIB_MAX) {
      throw bad("m", memory, 8 * lanes, MEMORY_KIB_MAX);
    }
    Base64.Decoder base64 = Base64.getDecoder();
    Argon2Parameters parameters =
        parameters(
            TYPES.getOrDefault(form.group(1), Argon2Parameters.ARGON2_id),
            Integer.parseInt(form.group(2)),
            memory,
            iterations,
            lanes,
            base64.decode(form.group(6)));
    return new Argon2Hash(text, parameters, base64.decode(form.group(7)));
  }

  private static IllegalArgumentException bad(String name, int got, int min, int max) {
    return new IllegalArgumentException(
        "password hash: %s: got %d, allowed are %d to %d".formatted(name, got, min, max));
  }

  private static Argon2Parameters parameters(
      int type, int version, int memoryKib, int iterations, int lanes, byte[] salt) {
    return new Argon2Parameters.Builder(type)
        .withVersion(version)
        .withMemoryAsKB(memoryKib)
        .withIterations(iterations)
        .withParallelism(lanes)
        .withSalt(salt)
        .build();
  }

  private static byte[] hash(Argon2Parameters parameters, String password, int bytes) {
    Argon2BytesGenerator generator = new Argon2BytesGenerator();
    generator.init(parameters);
    byte[] hash = new byte[bytes];
    generator.generateBytes(password.getBytes(UTF_8), hash);
    return hash;
  }

  private static byte[] random(int count) {
    byte[] bytes = new byte[count];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  /** Whether it is of that password; in a time that does not depend on how much of it is right. */
  public boolean matches(String password) {
    return MessageDigest.isEqual(hash, hash(parameters, password, hash.length));
  }

  /** As it is stored. */
  public String text() {
    return text;
  }

  /** Without the hash. */
  @Override
  public String toString() {
    return "Argon2Hash";
  }
}
