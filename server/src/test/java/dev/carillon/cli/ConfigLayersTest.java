package dev.carillon.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.carillon", importOptions = DoNotIncludeTests.class)
class ConfigLayersTest {
  @ArchTest
  static final ArchRule CONFIG_DEPENDS_ON_THE_JDK_AND_SNAKEYAML_ONLY =
      classes()
          .that()
          .resideInAPackage("dev.carillon.server.config..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "dev.carillon.server.config..", "java..", "org.yaml.snakeyaml..", "org.jspecify..");

  @ArchTest
  static final ArchRule ONLY_THE_COMMAND_LINE_KNOWS_THE_AUTH_ENDPOINT =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.carillon.cli..", "dev.carillon.auth..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.carillon.auth..");

  @ArchTest
  static final ArchRule NOTHING_DEPENDS_ON_THE_COMMAND_LINE =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.carillon.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.carillon.cli..");
}
