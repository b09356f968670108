package dev.carillon.protocol;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.security.MessageDigest;

/** What this module may depend on, and how its classes may be called. */
@AnalyzeClasses(
    packages = "dev.carillon.protocol",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule dependsOnLittle =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "dev.carillon.protocol..",
              "com.fasterxml.jackson.core..",
              "org.bouncycastle..",
              "org.jspecify.annotations..");

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("dev.carillon.(protocol..)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule classesAreNamedAfterTheDomain =
      noClasses()
          .should()
          .haveNameMatching(
              ".*(Manager|Impl|Helper|Utils?)|.*[.$](Abstract|Default).*|.*[.$]I[A-Z][^.$]*");

  @ArchTest
  static final ArchRule signaturesAreComparedInConstantTime =
      classes()
          .that()
          .haveSimpleName("HmacSha256")
          .should()
          .callMethod(MessageDigest.class, "isEqual", byte[].class, byte[].class);
}
