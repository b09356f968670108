package dev.carillon.server;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.channel.EventLoop;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Who may know whom, and what nobody may do on an event loop. */
@AnalyzeClasses(packages = "dev.carillon", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String SERVER = "dev.carillon.server..";
  private static final String CLI = "dev.carillon.cli..";
  private static final String REDIS = "dev.carillon.server.redis..";
  private static final String[] ON_LOOPS = {
    "dev.carillon.server.transport..",
    "dev.carillon.server.session..",
    "dev.carillon.server.channel..",
    "dev.carillon.server.api.."
  };

  @ArchTest
  static final ArchRule theProtocolKnowsNoServerAndNoNetwork =
      noClasses()
          .that()
          .resideInAPackage("dev.carillon.protocol..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  SERVER,
                  "dev.carillon.auth..",
                  "io.netty..",
                  "io.micrometer..",
                  "java.net.http.."));

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("dev.carillon.server.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule protocolPackagesHaveNoCycles =
      slices().matching("dev.carillon.protocol.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule onlyTheEdgesKnowNetty =
      noClasses()
          .that()
          .resideInAPackage(SERVER)
          .and()
          .resideOutsideOfPackages(
              "dev.carillon.server.transport..",
              "dev.carillon.server.connection..",
              "dev.carillon.server.admin..",
              "dev.carillon.server.channel..",
              "dev.carillon.server.session..",
              "dev.carillon.server.metrics..")
          .should()
          .dependOnClassesThat(resideInAPackage("io.netty.."));

  @ArchTest
  static final ArchRule theMiddleKnowsOfNettyTheLoopAndTheBufferOnly =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.carillon.server.channel..",
              "dev.carillon.server.session..",
              "dev.carillon.server.metrics..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.netty..")
                  .and(
                      DescribedPredicate.not(
                          equivalentTo(EventLoop.class)
                              .or(equivalentTo(ByteBuf.class))
                              .or(equivalentTo(ByteBufAllocator.class))
                              .or(equivalentTo(ByteBufAllocatorMetricProvider.class)))));

  @ArchTest
  static final ArchRule theApiKnowsNothingOfTheNetwork =
      noClasses()
          .that()
          .resideInAPackage("dev.carillon.server.api..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "io.netty..",
                  "dev.carillon.server.transport..",
                  "dev.carillon.server.connection..",
                  "dev.carillon.server.session.."));

  /** The second transport will carry the same sessions. */
  @ArchTest
  static final ArchRule theSessionKnowsNoTransport =
      noClasses()
          .that()
          .resideInAnyPackage("dev.carillon.server.session..", "dev.carillon.server.channel..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("dev.carillon.server.transport..", "dev.carillon.server.api.."));

  @ArchTest
  static final ArchRule portsKnowNoDelivery =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.carillon.server.broker..",
              "dev.carillon.server.presence..",
              "dev.carillon.server.occupancy..",
              "dev.carillon.server.cache..",
              "dev.carillon.server.user..",
              "dev.carillon.server.quota..",
              "dev.carillon.server.directory..",
              "dev.carillon.server.idempotency..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "dev.carillon.server.channel..",
                  "dev.carillon.server.connection..",
                  "dev.carillon.server.session..",
                  "dev.carillon.server.transport..",
                  "dev.carillon.server.api.."));

  @ArchTest
  static final ArchRule onlyTheRedisPackageKnowsJedis =
      noClasses()
          .that()
          .resideInAPackage("dev.carillon..")
          .and()
          .resideOutsideOfPackage(REDIS)
          .should()
          .dependOnClassesThat(resideInAPackage("redis.clients.."));

  /** It is chosen where the server is put together; the others know the ports only. */
  @ArchTest
  static final ArchRule onlyTheServerItselfKnowsTheRedisPackage =
      noClasses()
          .that()
          .resideInAPackage("dev.carillon..")
          .and()
          .resideOutsideOfPackages("dev.carillon.server", REDIS)
          .should()
          .dependOnClassesThat(resideInAPackage(REDIS));

  @ArchTest
  static final ArchRule onlyTheCommandLineKnowsTheAuthEndpoint =
      noClasses()
          .that()
          .resideInAPackage(SERVER)
          .and()
          .resideOutsideOfPackage(CLI)
          .should()
          .dependOnClassesThat(resideInAPackage("dev.carillon.auth.."));

  @ArchTest
  static final ArchRule theAuthEndpointKnowsNoServer =
      noClasses()
          .that()
          .resideInAPackage("dev.carillon.auth..")
          .should()
          .dependOnClassesThat(resideInAPackage(SERVER));

  @ArchTest
  static final ArchRule onlyTheCommandLineKnowsTheServer =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName(Server.class.getName())
          .and()
          .resideOutsideOfPackage(CLI)
          .should()
          .dependOnClassesThat(equivalentTo(Server.class));

  @ArchTest
  static final ArchRule namesSayWhatAClassIs =
      noClasses()
          .should()
          .haveNameMatching(
              ".*[.$](\\w+(Manager|Impl|Helper|Utils?)|Abstract\\w+|Default[A-Z]\\w+|I[A-Z][a-z]\\w*)");

  @ArchTest
  static final ArchRule noLoopIsBlocked =
      noClasses()
          .that()
          .resideInAnyPackage(ON_LOOPS)
          .should()
          .callMethodWhere(
              call(Thread.class, "sleep")
                  .or(call(CompletableFuture.class, "get"))
                  .or(call(CompletableFuture.class, "join"))
                  .or(call(Future.class, "get"))
                  .or(call(io.netty.util.concurrent.Future.class, "sync"))
                  .or(call(Object.class, "wait"))
                  .as("block"));

  /** EventLoops.drain runs on its caller's thread, the warm-up on its own. */
  @ArchTest
  static final ArchRule onlyTheDrainAndTheWarmUpSleep =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("dev.carillon.server.transport.EventLoops")
          .and()
          .resideOutsideOfPackage("dev.carillon.server.warmup")
          .should()
          .callMethodWhere(call(TimeUnit.class, "sleep"));

  @ArchTest
  static final ArchRule theTimeIsHandedIn =
      noClasses()
          .that()
          .resideInAnyPackage(SERVER, "dev.carillon.protocol..")
          .and()
          .resideOutsideOfPackages(CLI, "dev.carillon.server.warmup..")
          .should()
          .callMethodWhere(
              call(System.class, "currentTimeMillis")
                  .or(call(Instant.class, "now"))
                  .or(call(Clock.class, "systemUTC"))
                  .as("read the system's clock"));

  @ArchTest
  static final ArchRule nobodyPrints =
      noClasses()
          .that()
          .resideInAPackage(SERVER)
          .and()
          .resideOutsideOfPackage(CLI)
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err");

  private static DescribedPredicate<JavaMethodCall> call(Class<?> owner, String method) {
    return DescribedPredicate.describe(
        "call " + owner.getSimpleName() + "." + method,
        call -> call.getTargetOwner().isEquivalentTo(owner) && call.getName().equals(method));
  }
}
