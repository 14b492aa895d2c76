package io.cotidal.objects.compat;

import io.cotidal.objects.compat.FoundSite.Auth;
import io.cotidal.objects.compat.SwiftConf.Option;
import io.cotidal.objects.compat.SwiftConf.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What goes out of Swift's files, and what somebody should know of them. */
final class AutosyncAdvice {
  private static final String HOSTS = "allowed_sync_hosts";
  private static final int LONGEST = 80;

  private final List<String> removals = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  List<String> removals() {
    return removals;
  }

  List<String> warnings() {
    return warnings;
  }

  /** All that one site's filter calls for. */
  void site(FoundSite site, List<Cluster> clusters) {
    String file = site.conf().file();
    pipeline(site);
    Part part = site.autosync();
    removals.add(
        "%s: %s: remove [%s]".formatted(file, lines(part.first(), part.last()), part.name()));
    if (site.own().isEmpty()) {
      warnings.add(
          file
              + ": autosync_my_cluster is missing or no address: which site this is, no file says;"
              + " look at the sites of the written configuration");
    } else if (site.placement().stream().noneMatch(site.own().get()::is)) {
      warnings.add(
          file
              + ": autosync_my_cluster is not in autosync_placement, so the original refused every"
              + " request; it is taken as a site");
    }
    for (String word : site.unreadable()) {
      warnings.add(
          "%s: autosync_placement: '%s' is no address; write that site by hand"
              .formatted(file, shown(word)));
    }
    if (site.placement().isEmpty()) {
      warnings.add(
          file
              + ": autosync_placement is missing: if a placement middleware set it for each request,"
              + " write its rules below placement");
    } else if (clusters.stream().anyMatch(each -> site.placement().stream().noneMatch(each::is))) {
      warnings.add(
          file
              + ": autosync_placement does not name all sites that the files name together; all of"
              + " them are taken");
    }
    for (Option option : site.unknown()) {
      warnings.add(
          "%s: line %d: %s: the original does not read this option; it is left out"
              .formatted(file, option.first(), shown(option.key())));
    }
    trust(site);
  }

  private void pipeline(FoundSite site) {
    String file = site.conf().file();
    String own = SwiftConf.filterName(site.autosync());
    if (site.pipeline().isEmpty() || !site.stages().contains(own)) {
      warnings.add(
          file
              + ": the pipeline has no "
              + shown(own)
              + ", so the original was not in force there");
      return;
    }
    Option option = site.pipeline().get();
    List<String> rest = site.stages().stream().filter(word -> !word.equals(own)).toList();
    removals.add(
        "%s: %s: take %s out: pipeline = %s"
            .formatted(
                file, lines(option.first(), option.last()), shown(own), String.join(" ", rest)));
  }

  private void trust(FoundSite site) {
    String file = site.conf().file();
    if (site.override()) {
      warnings.add(
          file
              + ": override_auth is on: whoever sends X-Orig-Cluster there owns every account; take"
              + " it out at once. Cotidal never trusts a header: a peer proves itself by the realm's"
              + " key, and we come with an identity of our own");
    }
    switch (site.auth()) {
      case NONE ->
          warnings.add(
              file
                  + ": its pipeline asks nobody who he is, as the original advised for a second"
                  + " site: put tempauth or authtoken and keystoneauth back before autosync goes"
                  + " out");
      case OTHER ->
          warnings.add(
              file
                  + ": its pipeline has an authentication that we do not know: write tempauth or"
                  + " keystone below that site by hand");
      case TEMPAUTH, KEYSTONE -> {
        // Both are written.
      }
    }
    if (site.auth() == Auth.TEMPAUTH && site.mighty().isEmpty()) {
      warnings.add(
          file
              + ": no user of tempauth is of the group .reseller_admin: add one, which Cotidal comes"
              + " as");
    }
    if (site.realm().isEmpty()) {
      warnings.add(
          file
              + ": its pipeline has no container_sync with current = //REALM/CLUSTER: objects are"
              + " moved under that signature; add it behind cache and before authentication, and the"
              + " same container-sync-realms.conf at every site");
    }
  }

  /** Swift's own list of hosts that a container may name as its target. */
  void hosts(SwiftConf conf, List<Cluster> clusters) {
    conf.common(HOSTS)
        .ifPresent(option -> {
          List<String> all =
              Arrays.stream(option.value().split(","))
                  .map(String::strip)
                  .filter(host -> !host.isEmpty())
                  .toList();
          List<String> rest = all.stream().filter(host -> !peer(host, clusters)).toList();
          String where = conf.file() + ": " + lines(option.first(), option.last()) + ": ";
          if (rest.isEmpty()) {
            removals.add(where + "remove " + HOSTS);
          } else if (rest.size() < all.size()) {
            removals.add(
                where + "take the peers out: " + HOSTS + " = " + shown(String.join(",", rest)));
          }
        });
  }

  private static boolean peer(String host, List<Cluster> clusters) {
    String bare = host.toLowerCase(Locale.ROOT);
    return clusters.stream()
        .anyMatch(
            each -> each.host().equals(bare) || (each.host() + ":" + each.port()).equals(bare));
  }

  /** What the original wrote into every container that it made. */
  void leftBehind() {
    removals.add(
        "swift/common/middleware/autosync.py and its entry in setup.py: remove both, then restart the"
            + " proxies");
    warnings.add(
        "containers that the original made carry X-Container-Sync-To, so Swift's own synchronisation"
            + " goes on beside ours, which does no harm; remove that header before versions are to be"
            + " switched on, and leave the keys as they are");
  }

  private static String lines(int first, int last) {
    return first == last ? "line " + first : "lines " + first + "-" + last;
  }

  private static String shown(String text) {
    String plain = text.replaceAll("\\p{Cntrl}", "?");
    return plain.length() > LONGEST ? plain.substring(0, LONGEST) + "…" : plain;
  }
}
