// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.connector.Connector;
import dev.frontdesk.gateway.Gateway;
import java.net.URISyntaxException;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;

/** The classes of the modules config, connectors and gateway; no tests, no libraries. */
final class Production {

  static final JavaClasses CLASSES = classes();

  private Production() {}

  private static JavaClasses classes() {
    List<URL> places = new ArrayList<>();
    for (Class<?> one : List.of(FrontdeskConfig.class, Connector.class, Gateway.class)) {
      places.add(one.getProtectionDomain().getCodeSource().getLocation());
    }
    return new ClassFileImporter()
        .importLocations(
            places.stream()
                .map(
                    place -> {
                      try {
                        return com.tngtech.archunit.core.importer.Location.of(place.toURI());
                      } catch (URISyntaxException e) {
                        throw new IllegalStateException(e);
                      }
                    })
                .toList());
  }
}
