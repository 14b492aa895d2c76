package io.cotidal.sources.spec;

import io.cotidal.sources.roll.Admission;
import io.cotidal.sources.roll.Candidate;
import io.cotidal.sources.roll.Reference;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** A source of members, as the operator wants it. */
public sealed interface SourceSpec {
  /**
   * A list that stands in the configuration. An empty one is believed: somebody wrote it.
   *
   * @param members names and addresses
   */
  record Fixed(List<Candidate> members) implements SourceSpec {
    /** Copies the list. */
    public Fixed {
      members = List.copyOf(members);
    }
  }

  /**
   * A file that is watched.
   *
   * @param path ends in {@code .json}, {@code .yaml} or {@code .yml}
   */
  record File(Path path, Habits habits) implements SourceSpec {
    private static final Pattern KNOWN = Pattern.compile(".*\\.(json|ya?ml)");

    /** Checks the ending. */
    public File {
      if (!KNOWN.matcher(path.toString()).matches()) {
        throw new IllegalArgumentException("the file's name must end in .json, .yaml or .yml");
      }
    }

    /** Whether it holds JSON; YAML if not. */
    public boolean json() {
      return path.toString().endsWith(".json");
    }
  }

  /** A list that a server hands out, as Prometheus' {@code http_sd} has it. */
  record Http(WebServer server, Habits habits) implements SourceSpec {}

  /**
   * Records of the name service.
   *
   * @param names that are looked up; each must have records, or the answer counts as empty
   * @param port of members found by address; 0 for the usual one
   * @param servers {@code HOST} or {@code HOST:PORT}; none for those of this machine
   */
  record Dns(List<String> names, Records records, int port, List<String> servers, Habits habits)
      implements SourceSpec {
    /** Which records name members. */
    public enum Records {
      /** IPv4 addresses. */
      A,
      /** IPv6 addresses. */
      AAAA,
      /** Services: host and port. */
      SRV
    }

    /** Copies the lists, and checks that there are names. */
    public Dns {
      names = List.copyOf(names);
      servers = List.copyOf(servers);
      if (names.isEmpty()) {
        throw new IllegalArgumentException("name at least one name to look up");
      }
    }
  }

  /**
   * A service in Rancher 1.x, by its metadata service.
   *
   * @param url of the metadata service; the only one that may lie on the link
   * @param version of the API
   * @param service {@code SERVICE}, or {@code STACK/SERVICE}
   * @param reference how members are reached
   * @param filter who is well
   */
  record Rancher(
      String url,
      String version,
      String service,
      Reference reference,
      RancherFilter filter,
      Habits habits)
      implements SourceSpec {
    /** Where the metadata service is for every container. */
    public static final String URL = "http://rancher-metadata";

    /** The version that lists only names of containers with a service. */
    public static final String NAMES_ONLY = "2015-07-25";

    /** The versions that are known. */
    public static final List<String> VERSIONS =
        List.of(NAMES_ONLY, "2015-12-19", "2016-07-29", "latest");

    private static final Pattern SERVICE =
        Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*(/[A-Za-z0-9][A-Za-z0-9_.-]*)?");

    /** Checks version and service. */
    public Rancher {
      if (!VERSIONS.contains(version)) {
        throw new IllegalArgumentException("known API versions: " + String.join(", ", VERSIONS));
      }
      if (!SERVICE.matcher(service).matches()) {
        throw new IllegalArgumentException("write the service as STACK/SERVICE or SERVICE");
      }
    }

    /** The stack; empty if none is said. */
    public String stack() {
      return service.contains("/") ? service.substring(0, service.indexOf('/')) : "";
    }

    /** The service without the stack. */
    public String bareService() {
      return service.substring(service.indexOf('/') + 1);
    }
  }

  /**
   * Which containers are well.
   *
   * @param port of each; 0 for the usual one
   * @param states empty takes every state
   * @param healths empty takes every health
   * @param admission what it means to be well
   */
  record RancherFilter(int port, Set<String> states, Set<String> healths, Admission admission) {
    /** As the original: everybody counts. */
    public static final RancherFilter NONE =
        new RancherFilter(0, Set.of(), Set.of(), Admission.NEWCOMERS);

    /** Copies the sets. */
    public RancherFilter {
      states = Set.copyOf(states);
      healths = Set.copyOf(healths);
    }
  }

  /**
   * A service in Consul.
   *
   * @param tag that instances must have; empty for none
   * @param datacentre empty for the agent's own
   */
  record Consul(
      WebServer server,
      String service,
      String tag,
      String datacentre,
      Admission admission,
      Habits habits)
      implements SourceSpec {}

  /**
   * Containers of a Docker Engine that bear labels.
   *
   * @param labels {@code NAME} or {@code NAME=VALUE}; at least one
   * @param network whose addresses count; empty if containers have one network
   * @param port of each, unless a label says another; 0 for the usual one
   */
  record Docker(
      Path socket,
      List<String> labels,
      Reference reference,
      Optional<String> network,
      int port,
      Admission admission,
      Habits habits)
      implements SourceSpec {
    /** Where the Engine listens usually. */
    public static final Path SOCKET = Path.of("/var/run/docker.sock");

    /** Copies the labels, and checks that there are any. */
    public Docker {
      labels = List.copyOf(labels);
      if (labels.isEmpty()) {
        throw new IllegalArgumentException("name at least one label that members bear");
      }
    }
  }

  /**
   * The endpoint slices of a service in Kubernetes.
   *
   * @param api the API server; its token is in {@code tokenFile}
   * @param portName empty if the service has one port
   * @param family {@code IPv4}, {@code IPv6} or {@code FQDN}
   * @param tokenFile read anew for each question, for it is replaced while we run
   */
  record Kubernetes(
      WebServer api,
      Path tokenFile,
      String namespace,
      String service,
      String portName,
      Reference reference,
      String family,
      Admission admission,
      Habits habits)
      implements SourceSpec {
    /** Where pods find their account's token. */
    public static final Path ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    /** Checks the names. */
    public Kubernetes {
      if (!NAME.matcher(namespace).matches() || !NAME.matcher(service).matches()) {
        throw new IllegalArgumentException("namespace and service are 1 to 63 of a-z 0-9 and -");
      }
      if (!Set.of("IPv4", "IPv6", "FQDN").contains(family)) {
        throw new IllegalArgumentException("known address families: IPv4, IPv6, FQDN");
      }
    }
  }

  /** Whoever is named by any of the parts. */
  record Union(List<SourceSpec> parts) implements SourceSpec {
    /** Copies the list, and checks that there are parts. */
    public Union {
      parts = List.copyOf(parts);
      if (parts.isEmpty()) {
        throw new IllegalArgumentException("a union needs parts");
      }
    }
  }

  /** Whoever is named by all parts; the first one says by which name and where. */
  record Intersection(List<SourceSpec> parts) implements SourceSpec {
    /** Copies the list, and checks that there are parts. */
    public Intersection {
      parts = List.copyOf(parts);
      if (parts.isEmpty()) {
        throw new IllegalArgumentException("an intersection needs parts");
      }
    }
  }
}
