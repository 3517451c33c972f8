package cloud.sealer;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.File;

/** The rules of the architecture, on the built classes of all modules. */
@AnalyzeClasses(packages = "cloud.sealer", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule theApiKnowsNothingButTheJdk =
      classes()
          .that()
          .resideInAPackage("cloud.sealer.sdk..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage("java..", "org.jspecify..", "cloud.sealer.sdk.."));

  @ArchTest
  static final ArchRule theTestkitKnowsOnlyTheApi =
      noClasses()
          .that()
          .resideInAPackage("cloud.sealer.testkit..")
          .should()
          .dependOnClassesThat(resideInAPackage("cloud.sealer.core.."));

  @ArchTest
  static final ArchRule theCoreDoesNotKnowTheTestkit =
      noClasses()
          .that()
          .resideInAPackage("cloud.sealer.core..")
          .should()
          .dependOnClassesThat(resideInAPackage("cloud.sealer.testkit.."));

  @ArchTest
  static final ArchRule kubernetesKnowsHelmOnlyAsAService =
      noClasses()
          .that()
          .resideInAPackage("cloud.sealer.kubernetes..")
          .should()
          .dependOnClassesThat(resideInAnyPackage("cloud.sealer.helm..", "cloud.sealer.testkit.."));

  @ArchTest
  static final ArchRule nothingBelowKnowsKubernetes =
      noClasses()
          .that(
              resideInAnyPackage(
                  "cloud.sealer.docker..", "cloud.sealer.helm..", "cloud.sealer.ssh.."))
          .should()
          .dependOnClassesThat(resideInAPackage("cloud.sealer.kubernetes.."));

  @ArchTest
  static final ArchRule packagesOfKubernetesHaveNoCycles =
      slices().matching("cloud.sealer.kubernetes.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule theCoreKnowsNoneOfTheModulesOnIt =
      noClasses()
          .that()
          .resideInAPackage("cloud.sealer.core..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "cloud.sealer.aliyun..",
                  "cloud.sealer.docker..",
                  "cloud.sealer.helm..",
                  "cloud.sealer.kubernetes..",
                  "cloud.sealer.ssh.."));

  @ArchTest
  static final ArchRule hostsAreReachedByModulesThatDoNotKnowEachOther =
      slices().matching("cloud.sealer.(docker|helm|ssh)..").should().notDependOnEachOther();

  @ArchTest
  static final ArchRule packagesOfTheCoreHaveNoCycles =
      slices().matching("cloud.sealer.core.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule theLibraryNeitherPrintsNorEndsTheProcessNorReadsTheEnvironment =
      noClasses()
          .that(
              resideInAnyPackage(
                  "cloud.sealer.sdk..",
                  "cloud.sealer.core..",
                  "cloud.sealer.aliyun..",
                  "cloud.sealer.docker..",
                  "cloud.sealer.kubernetes..",
                  "cloud.sealer.ssh.."))
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err")
          .orShould()
          .callMethod(System.class, "exit", int.class)
          .orShould()
          .callMethod(System.class, "getenv")
          .orShould()
          .callMethod(System.class, "getenv", String.class)
          .orShould()
          .callMethod(System.class, "getProperty", String.class)
          .orShould()
          .callMethod(System.class, "getProperty", String.class, String.class)
          .orShould()
          .callMethod(Runtime.class, "addShutdownHook", Thread.class)
          .orShould()
          .callMethod(Throwable.class, "printStackTrace")
          .orShould()
          .callMethod(File.class, "deleteOnExit");

  @ArchTest
  static final ArchRule nothingStaticChanges =
      fields()
          .that()
          .areDeclaredInClassesThat(
              resideInAnyPackage(
                  "cloud.sealer.sdk..",
                  "cloud.sealer.core..",
                  "cloud.sealer.aliyun..",
                  "cloud.sealer.docker..",
                  "cloud.sealer.kubernetes..",
                  "cloud.sealer.ssh.."))
          .and()
          .areStatic()
          .should()
          .beFinal();
}
