package dev.demur.app;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.File;
import java.io.FileInputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The lines the house is built along.
class ArchitectureTest {

  private static JavaClasses house;

  @BeforeAll
  static void read() {
    house =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("dev.demur");
  }

  @Test
  void onlyTheTensorPackageKnowsTheEngine() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.demur.model.tensor")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.bytedeco..")
        .check(house);
  }

  @Test
  void onlyTheKernelsUseTheIncubator() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.demur.model.kernel")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("jdk.incubator..")
        .check(house);
  }

  /// The virtual machine's own order of a sum changes when code is compiled.
  @Test
  void sumsAcrossLanesAreMadeInOnePlace() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("dev.demur.model.kernel.AcrossLanes")
        .should()
        .callMethodWhere(target(name("reduceLanes")))
        .check(house);
  }

  @Test
  void theKernelsKnowNoTensors() {
    noClasses()
        .that()
        .resideInAPackage("dev.demur.model.kernel")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.demur.model.tensor..", "dev.demur.model.arch..", "dev.demur.model.forward..")
        .check(house);
  }

  @Test
  void theModelRoomKnowsNoOtherRoom() {
    noClasses()
        .that()
        .resideInAPackage("dev.demur.model..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.demur.lab..", "dev.demur.toy..", "dev.demur.serve..", "dev.demur.app..")
        .check(house);
  }

  @Test
  void theLabKnowsOnlyTheModelRoom() {
    noClasses()
        .that()
        .resideInAPackage("dev.demur.lab..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.demur.toy..", "dev.demur.serve..", "dev.demur.app..")
        .check(house);
  }

  @Test
  void theToyKnowsNeitherAppNorLab() {
    noClasses()
        .that()
        .resideInAPackage("dev.demur.toy..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.demur.lab..", "dev.demur.serve..", "dev.demur.app..")
        .check(house);
  }

  @Test
  void theServerKnowsNotTheApp() {
    noClasses()
        .that()
        .resideInAPackage("dev.demur.serve..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.demur.app..")
        .check(house);
  }

  @Test
  void onlyOneRoomOfTheServerKnowsHelidon() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.demur.serve.http")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.helidon..")
        .check(house);
  }

  @Test
  void nothingBelowTheAppPrints() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.demur.app..")
        .should(ACCESS_STANDARD_STREAMS)
        .check(house);
  }

  @Test
  void nothingBelowTheAppKnowsTheCommandLine() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.demur.app..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("picocli..", "me.tongfei..")
        .check(house);
  }

  @Test
  void logsGoThroughTheSystemLogger() {
    NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(house);
  }

  @Test
  void onlyMainEndsTheProcess() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("dev.demur.app.Main")
        .should()
        .callMethod(System.class, "exit", int.class)
        .check(house);
  }

  @Test
  void noNameHidesAMissingConcept() {
    noClasses()
        .should()
        .haveSimpleNameEndingWith("Manager")
        .orShould()
        .haveSimpleNameEndingWith("Impl")
        .orShould()
        .haveSimpleNameEndingWith("Helper")
        .orShould()
        .haveSimpleNameEndingWith("Util")
        .orShould()
        .haveSimpleNameEndingWith("Utils")
        .check(house);
    classes().should().resideOutsideOfPackage("..util..").check(house);
  }

  @Test
  void recordsHoldNoArrays() {
    fields()
        .that()
        .areDeclaredInClassesThat()
        .areRecords()
        .and()
        .areNotStatic()
        .and()
        .areDeclaredInClassesThat()
        .arePublic()
        .should(NotBeAnArray.CONDITION)
        .check(house);
  }

  @Test
  void packagesOfAModuleDoNotGoRoundInCircles() {
    slices().matching("dev.demur.(**)").should().beFreeOfCycles().check(house);
  }

  /// D12: a named pipe or a device under the name of a file hangs whoever opens it.
  @Test
  void filesAreReadInOneWay() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.demur.model.local")
        .and()
        .haveSimpleNameNotEndingWith("Test") // tests come with the model room's test jar
        .should()
        .callMethod(Files.class, "readString", Path.class)
        .orShould()
        .callMethod(Files.class, "readString", Path.class, Charset.class)
        .orShould()
        .callMethod(Files.class, "readAllBytes", Path.class)
        .orShould()
        .callMethod(Files.class, "readAllLines", Path.class)
        .orShould()
        .callMethod(Files.class, "lines", Path.class)
        .orShould()
        .callMethod(Files.class, "newInputStream", Path.class, OpenOption[].class)
        .orShould()
        .callMethod(Files.class, "newBufferedReader", Path.class)
        .orShould()
        .callConstructor(FileInputStream.class, String.class)
        .orShould()
        .callConstructor(FileInputStream.class, File.class)
        .check(house);
  }
}
