// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static dev.frontdesk.gateway.architecture.Production.CLASSES;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The house's layers and names: style §1 to §5, §14 and §22. */
class LayersTest {

  private static final Pattern BANNED =
      Pattern.compile("(Manager|Helper|Utils?|Processor|Info|Base|Impl)($|[A-Z])|Data$|^Abstract");

  private static final String WEB = "io.vertx.ext.web..";
  private static final String WEB_CLIENT = "io.vertx.ext.web.client..";

  /** What the web client reads answers with. */
  private static final String WEB_CLIENT_CODEC = "io.vertx.ext.web.codec..";

  private static void holds(ArchRule rule) {
    rule.check(CLASSES);
  }

  @Test
  void modules_pointOneWay() {
    holds(
        noClasses()
            .that()
            .resideInAPackage("dev.frontdesk.config..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.frontdesk.connector..", "dev.frontdesk.gateway.."));
    holds(
        noClasses()
            .that()
            .resideInAPackage("dev.frontdesk.connector..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.frontdesk.gateway.."));
  }

  @Test
  void domain_isPure() {
    holds(
        classes()
            .that()
            .resideInAPackage("dev.frontdesk.gateway.domain..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                "dev.frontdesk.gateway.domain..",
                // the words of the SPI: events, contents, results
                "dev.frontdesk.connector",
                "java.lang..",
                "java.math",
                "java.nio.charset",
                "java.security",
                "java.time..",
                "java.util..",
                "org.jspecify.annotations"));
    holds(
        noClasses()
            .that()
            .resideInAPackage("dev.frontdesk.gateway.domain..")
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(Clock.class, Thread.class, System.Logger.class, java.io.File.class)
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis"));
  }

  @Test
  void lettuce_isOnlyInTheRedisStore() {
    holds(
        noClasses()
            .that()
            .resideOutsideOfPackage("dev.frontdesk.gateway.store.redis..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.lettuce.."));
  }

  /** Sockets are upgraded from a request of the router, so bots and visitors know it too. */
  @Test
  void web_isOnlyInTheEdgePackages() {
    holds(
        noClasses()
            .that()
            .resideOutsideOfPackages(
                "dev.frontdesk.gateway.edge..",
                "dev.frontdesk.gateway.bot..",
                "dev.frontdesk.gateway.chat..",
                "dev.frontdesk.gateway.socket..")
            .should()
            .dependOnClassesThat(
                resideInAPackage(WEB)
                    .and(
                        DescribedPredicate.not(resideInAnyPackage(WEB_CLIENT, WEB_CLIENT_CODEC)))));
  }

  @Test
  void webClient_isOnlyInConnectorsAndWiring() {
    holds(
        noClasses()
            .that()
            .resideOutsideOfPackages(
                "dev.frontdesk.connector..",
                "dev.frontdesk.gateway",
                "dev.frontdesk.gateway.classifier..",
                "dev.frontdesk.gateway.event..",
                "dev.frontdesk.gateway.outbox..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(WEB_CLIENT));
  }

  /**
   * Rooms know each other's doors, and the store's port only: forms of it are made by the wiring.
   */
  @Test
  void store_isKnownByItsPort() {
    holds(
        noClasses()
            .that()
            .resideOutsideOfPackages("dev.frontdesk.gateway", "dev.frontdesk.gateway.store..")
            .and()
            .resideOutsideOfPackage("dev.frontdesk.gateway.simulation..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "dev.frontdesk.gateway.store.redis..", "dev.frontdesk.gateway.store.memory.."));
  }

  /**
   * The edge calls the rooms behind it, never they the edge. Sockets are doors themselves: they
   * share its bound of waiting clients.
   */
  @Test
  void rooms_doNotKnowTheEdge() {
    holds(
        noClasses()
            .that()
            .resideInAnyPackage(
                "dev.frontdesk.gateway.agent..",
                "dev.frontdesk.gateway.conversation..",
                "dev.frontdesk.gateway.customer..",
                "dev.frontdesk.gateway.domain..",
                "dev.frontdesk.gateway.event..",
                "dev.frontdesk.gateway.intake..",
                "dev.frontdesk.gateway.outbox..",
                "dev.frontdesk.gateway.report..",
                "dev.frontdesk.gateway.routing..",
                "dev.frontdesk.gateway.store..",
                "dev.frontdesk.gateway.timer..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.frontdesk.gateway.edge.."));
  }

  @Test
  void packages_areFeatures_withASentenceEach() {
    TreeSet<String> without = new TreeSet<>();
    for (JavaClass one : CLASSES) {
      JavaPackage place = one.getPackage();
      boolean told =
          place.getClasses().stream().anyMatch(c -> c.getSimpleName().equals("package-info"));
      if (!told || !place.isAnnotatedWith(org.jspecify.annotations.NullMarked.class)) {
        without.add(place.getName());
      }
    }
    assertThat(without).as("packages without package-info or @NullMarked").isEmpty();
    holds(
        noClasses()
            .should()
            .resideInAnyPackage("..util..", "..impl..", "..service..", "..helper..", "..common.."));
  }

  @Test
  void names_areTheHouses() {
    List<String> banned =
        CLASSES.stream()
            .map(JavaClass::getSimpleName)
            .filter(name -> !name.equals("package-info"))
            .filter(name -> BANNED.matcher(name).find())
            .sorted()
            .toList();

    assertThat(banned).isEmpty();
  }

  @Test
  void names_ofTheBannedKind_areFound() {
    for (String bad :
        List.of(
            "ConfigManager", "StringUtils", "StoreImpl", "AbstractStore", "UserData", "BaseRoom")) {
      assertThat(BANNED.matcher(bad).find()).as(bad).isTrue();
    }
    for (String good : List.of("DataFolder", "Information", "Implied", "BasementStore")) {
      assertThat(BANNED.matcher(good).find()).as(good).isFalse();
    }
  }

  /**
   * Features do not turn in circles. Left out, each with its reason: the root wires everything; the
   * wallboard's sampler in telemetry reads the boards; a commit writes the verdict rows that
   * reports define; the store in memory has its clock in the simulation's time, which is a
   * scheduler too.
   */
  @Test
  void features_haveNoCycles() {
    holds(
        slices()
            .matching("dev.frontdesk.gateway.(*)..")
            .should()
            .beFreeOfCycles()
            .ignoreDependency(
                resideInAPackage("dev.frontdesk.gateway.telemetry"),
                resideInAnyPackage(
                    "dev.frontdesk.gateway.report", "dev.frontdesk.gateway.conversation"))
            .ignoreDependency(
                resideInAPackage("dev.frontdesk.gateway.conversation"),
                resideInAPackage("dev.frontdesk.gateway.report"))
            .ignoreDependency(
                resideInAPackage("dev.frontdesk.gateway.store.memory"),
                resideInAPackage("dev.frontdesk.gateway.time")));
  }
}
