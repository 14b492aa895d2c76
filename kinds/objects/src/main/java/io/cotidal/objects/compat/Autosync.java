package io.cotidal.objects.compat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes a namespace of what the original's settings say. Pure; deterministic. */
public final class Autosync {
  private final List<FoundSite> found = new ArrayList<>();
  private final List<SwiftConf> containers = new ArrayList<>();
  private final AutosyncAdvice advice = new AutosyncAdvice();

  /**
   * A site of the namespace.
   *
   * @param file what its own file says; empty if that is not at hand
   */
  record Named(String name, Cluster cluster, Optional<FoundSite> file) {}

  private Autosync() {}

  /**
   * Reads the files of one site, or of several.
   *
   * @throws UnreadableConf if one of them cannot be taken for Swift's, or none names a cluster
   */
  public static Adopted of(List<SiteFiles> sites) throws UnreadableConf {
    Autosync autosync = new Autosync();
    for (SiteFiles site : sites) {
      autosync.found.add(FoundSite.of(SwiftConf.read(site.proxy().name(), site.proxy().text())));
      if (site.container().isPresent()) {
        SiteFiles.File file = site.container().get();
        autosync.containers.add(SwiftConf.read(file.name(), file.text()));
      }
    }
    return autosync.adopted();
  }

  private Adopted adopted() throws UnreadableConf {
    List<Named> sites = named();
    if (sites.isEmpty()) {
      String file = found.isEmpty() ? "proxy-server.conf" : found.getFirst().conf().file();
      throw new UnreadableConf(
          file,
          0,
          "names no cluster; write autosync_my_cluster and autosync_placement, or our configuration by hand");
    }
    List<Cluster> clusters = sites.stream().map(Named::cluster).toList();
    found.forEach(site -> advice.site(site, clusters));
    found.forEach(site -> advice.hosts(site.conf(), clusters));
    containers.forEach(conf -> advice.hosts(conf, clusters));
    advice.leftBehind();
    return new Adopted(new AutosyncYaml(sites, found).text(), advice.removals(), advice.warnings());
  }

  /** Every cluster that any of the files names, once. */
  private List<Named> named() {
    List<Cluster> clusters = new ArrayList<>();
    for (FoundSite site : found) {
      List<Cluster> all = new ArrayList<>(site.placement());
      site.own().ifPresent(all::add);
      for (Cluster each : all) {
        if (clusters.stream().noneMatch(each::is)) {
          clusters.add(each);
        }
      }
    }
    Map<String, Named> named = new LinkedHashMap<>();
    for (Cluster cluster : clusters) {
      Optional<FoundSite> file =
          found.stream().filter(site -> site.own().filter(cluster::is).isPresent()).findFirst();
      String name = free(cluster, named);
      named.put(name, new Named(name, cluster, file));
    }
    return List.copyOf(named.values());
  }

  private static String free(Cluster cluster, Map<String, Named> taken) {
    for (String name : cluster.names()) {
      // The namespace itself is a member of that name.
      if (!taken.containsKey(name) && !name.equals("namespace")) {
        return name;
      }
    }
    return "site-" + (taken.size() + 1);
  }
}
