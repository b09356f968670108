package dev.carillon.auth;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.carillon.auth", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule dependsOnLittle =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "dev.carillon.auth..",
              "dev.carillon.protocol..",
              "io.vertx..",
              "com.fasterxml.jackson..",
              "org.bouncycastle..",
              "com.nimbusds..",
              "org.jdbi..",
              "com.zaxxer.hikari..",
              "org.flywaydb..",
              "org.slf4j..",
              "org.jspecify..",
              "java..",
              "javax.crypto..");

  @ArchTest
  static final ArchRule onlyTheDatabasePackageKnowsSql =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.carillon.auth.database..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "javax.sql..", "org.jdbi..", "com.zaxxer..");

  @ArchTest
  static final ArchRule onlyItsOwnPackageKnowsEachLibrary =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.carillon.auth.jwt..", "dev.carillon.auth.password..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("com.nimbusds..", "org.bouncycastle..");

  @ArchTest
  static final ArchRule usersAndConfigurationKnowNoHttp =
      classes()
          .that()
          .resideInAnyPackage("dev.carillon.auth.user..", "dev.carillon.auth.config..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "dev.carillon.auth.user..",
              "dev.carillon.auth.config..",
              "dev.carillon.protocol..",
              "org.jspecify..",
              "java..");

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("dev.carillon.auth.(**)").should().beFreeOfCycles();
}
