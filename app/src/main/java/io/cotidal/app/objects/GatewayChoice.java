package io.cotidal.app.objects;

import io.cotidal.app.config.Namespaces;
import io.cotidal.objects.spec.GatewayPlace;
import io.cotidal.objects.spec.ObjectsSpec;
import io.cotidal.objects.spec.Site;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which gateway is meant.
 *
 * @param site before which it stands
 * @param place where, and with what
 */
record GatewayChoice(ObjectsSpec spec, Site site, GatewayPlace place) {
  /**
   * Finds it in the configuration.
   *
   * @throws IllegalArgumentException in one line with what would be right
   */
  static GatewayChoice of(Namespaces namespaces, GatewayArguments arguments) {
    ObjectsSpec spec =
        namespaces.only(arguments.namespace()).named().stream()
            .findFirst()
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "the configuration has no objects/"
                        + arguments.namespace()
                        + ones("; it has ", names(namespaces))));
    List<Site> with = spec.sites().stream().filter(site -> site.gateway().isPresent()).toList();
    List<Site> meant =
        with.stream()
            .filter(site -> arguments.site().map(site.member().name()::equals).orElse(true))
            .toList();
    if (meant.size() != 1) {
      throw new IllegalArgumentException(why(spec, with, arguments.site()));
    }
    Site site = meant.getFirst();
    return new GatewayChoice(spec, site, site.gateway().orElseThrow());
  }

  private static String why(ObjectsSpec spec, List<Site> with, Optional<String> asked) {
    if (with.isEmpty()) {
      return spec.id() + " has no site with a gateway; write gateway: below one of its sites";
    }
    String sites =
        with.stream().map(site -> site.member().name()).collect(Collectors.joining(", "));
    return asked
        .map(site -> spec.id() + " has no gateway at '" + site + "'; it has them at " + sites)
        .orElseGet(() -> spec.id() + " has several gateways; say --site, one of " + sites);
  }

  private static List<String> names(Namespaces namespaces) {
    return namespaces.ids().stream().map(Object::toString).toList();
  }

  private static String ones(String lead, List<String> names) {
    return names.isEmpty() ? "" : lead + String.join(", ", names);
  }

  /** How it is called in what is said. */
  String title() {
    return "gateway " + spec.id() + " at " + site.member();
  }
}
