package io.cotidal.sources;

import static io.cotidal.sources.Recorded.answer;
import static java.util.stream.Collectors.joining;

import io.cotidal.lab.ServerCertificate;
import io.cotidal.sources.roll.Admission;
import io.cotidal.sources.roll.Reference;
import io.cotidal.sources.spec.Habits;
import io.cotidal.sources.spec.SourceSpec;
import io.cotidal.sources.spec.SourceSpec.Dns.Records;
import io.cotidal.sources.spec.WebServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Stream;

/** Worlds of each source, with answers recorded from the documents of those systems. */
final class Worlds {
  private Worlds() {}

  /** A world behind an HTTP server. */
  record Web(Recorded server, Function<List<String>, Function<String, String>> form, Opened opened)
      implements World {
    interface Opened {
      SourceSpec spec(Recorded server, Habits habits) throws Exception;
    }

    @Override
    public SourceSpec spec(Habits habits) throws Exception {
      return opened.spec(server, habits);
    }

    @Override
    public void names(String... addresses) {
      server.hangs = false;
      server.answers = form.apply(List.of(addresses));
    }

    @Override
    public void fails() {
      server.hangs = false;
      server.answers = target -> answer(500, "out of order");
    }

    @Override
    public void hangs() {
      server.hangs = true;
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }

  static World http() throws Exception {
    return new Web(
        Recorded.tcp(),
        addresses ->
            target ->
                answer(
                    200,
                    "[{\"targets\": ["
                        + addresses.stream().map(one -> "\"" + one + "\"").collect(joining(","))
                        + "], \"labels\": {\"__meta\": \"x\", \"site\": \"north\"}}]",
                    "Content-Type: application/json"),
        (server, habits) -> new SourceSpec.Http(WebServer.at(server.url() + "/targets"), habits));
  }

  /** Answers as Rancher's metadata service gives them in any version, without waiting. */
  static Function<List<String>, Function<String, String>> rancher() {
    AtomicLong version = new AtomicLong();
    return addresses -> {
      String token = "v" + version.incrementAndGet();
      String containers =
          addresses.isEmpty()
              ? "null"
              : addresses.stream()
                  .map(one ->
                      "{\"name\":\"idm_ldap_"
                          + one.substring(one.lastIndexOf('.') + 1)
                          + "\",\"primary_ip\":\""
                          + one
                          + "\",\"service_name\":\"ldap\",\"stack_name\":\"idm\",\"state\":\"running\",\"health_state\":null,\"labels\":{\"io.rancher.x\":\"1\",\"cotidal.site\":\"north\"}}")
                  .collect(joining(",", "[", "]"));
      return target ->
          target.matches("/[^/]+/version(\\?.*)?")
              ? answer(200, "\"" + token + "\"")
              : target.endsWith("/stacks/idm/services/ldap/containers")
                      || target.endsWith("/2015-07-25/containers")
                  ? answer(200, containers)
                  : answer(404, "{\"code\":404,\"message\":\"Not found\",\"type\":\"error\"}");
    };
  }

  static World rancher(String version) throws Exception {
    return new Web(
        Recorded.tcp(),
        rancher(),
        (server, habits) ->
            new SourceSpec.Rancher(
                server.url(),
                version,
                "idm/ldap",
                Reference.ADDRESS,
                SourceSpec.RancherFilter.NONE,
                habits));
  }

  static World consul() throws Exception {
    AtomicLong index = new AtomicLong(7);
    return new Web(
        Recorded.tcp(),
        addresses -> {
          String now = String.valueOf(index.incrementAndGet());
          String body =
              addresses.stream()
                  .map(one ->
                      "{\"Node\":{\"Node\":\"node-"
                          + one
                          + "\",\"Address\":\""
                          + one
                          + "\"},\"Service\":{\"ID\":\"ldap\",\"Service\":\"ldap\",\"Address\":\"\",\"Port\":389,\"Meta\":{\"version\":\"2\",\"cotidal-site\":\"north\"}},\"Checks\":[{\"CheckID\":\"serfHealth\",\"Status\":\"passing\"}]}")
                  .collect(joining(",", "[", "]"));
          return target ->
              answer(200, body, "X-Consul-Index: " + now, "X-Consul-KnownLeader: true");
        },
        (server, habits) ->
            new SourceSpec.Consul(
                WebServer.at(server.url()), "ldap", "", "", Admission.NEWCOMERS, habits));
  }

  static World docker(Path folder) throws Exception {
    Path socket = folder.resolve("docker.sock");
    return new Web(
        Recorded.unix(socket),
        addresses ->
            target ->
                answer(
                    200,
                    addresses.stream()
                        .map(one ->
                            "{\"Id\":\"c\",\"Names\":[\"/other/link\",\"/Ldap-"
                                + one
                                + "\"],\"State\":\"running\",\"Status\":\"Up 5 minutes"
                                + " (healthy)\",\"Labels\":{\"directory\":\"people\",\"cotidal.site\":\"north\"},\"NetworkSettings\":{\"Networks\":{\"bridge\":{\"IPAddress\":\""
                                + one
                                + "\",\"GlobalIPv6Address\":\"\"}}}}")
                        .collect(joining(",", "[", "]"))),
        (server, habits) ->
            new SourceSpec.Docker(
                socket,
                List.of("directory=people"),
                Reference.ADDRESS,
                Optional.empty(),
                389,
                Admission.NEWCOMERS,
                habits));
  }

  static World kubernetes(Path folder, ServerCertificate certificate) throws Exception {
    Path token = Files.writeString(folder.resolve("token"), "header.claims.signature\n");
    return new Web(
        Recorded.tcp(certificate.sockets()),
        addresses ->
            target ->
                answer(
                    200,
                    "{\"kind\":\"EndpointSliceList\",\"apiVersion\":\"discovery.k8s.io/v1\",\"metadata\":{\"resourceVersion\":\"12\"},\"items\":["
                        + (addresses.isEmpty()
                            ? ""
                            : "{\"addressType\":\"IPv4\",\"ports\":[{\"name\":\"ldap\",\"protocol\":\"TCP\",\"port\":3389}],\"endpoints\":["
                                + addresses.stream()
                                    .map(one ->
                                        "{\"addresses\":[\""
                                            + one
                                            + "\"],\"conditions\":{\"ready\":true,\"serving\":true,\"terminating\":false},\"zone\":\"north\",\"nodeName\":\"n1\",\"targetRef\":{\"kind\":\"Pod\",\"name\":\"ds-"
                                            + one.substring(one.lastIndexOf('.') + 1)
                                            + "\"}}")
                                    .collect(joining(","))
                                + "]}")
                        + "]}"),
        (server, habits) ->
            new SourceSpec.Kubernetes(
                WebServer.at(server.url().replace("http:", "https:")).trusting(certificate.pem()),
                token,
                "identity",
                "ds",
                "",
                Reference.ADDRESS,
                "IPv4",
                Admission.NEWCOMERS,
                habits));
  }

  /** A world in a file. */
  record InFile(Path file) implements World {
    @Override
    public SourceSpec spec(Habits habits) {
      return new SourceSpec.File(file, habits);
    }

    @Override
    public void names(String... addresses) throws Exception {
      Path aside = file.resolveSibling("aside");
      Files.writeString(
          aside,
          "# members\n" + Stream.of(addresses).map(one -> "- " + one + "\n").collect(joining()));
      Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void fails() throws Exception {
      Files.writeString(file, "- 10.0.0.1\n- {broken");
    }

    @Override
    public void hangs() throws Exception {
      Files.deleteIfExists(file);
    }

    @Override
    public void close() {}
  }

  /** A world in the name service. */
  record Named(NameServer server, Records type) implements World {
    static Named open(Records type) throws Exception {
      return new Named(new NameServer(), type);
    }

    @Override
    public SourceSpec spec(Habits habits) {
      return new SourceSpec.Dns(List.of("ldap.test"), type, 0, List.of(server.address()), habits);
    }

    @Override
    public void names(String... addresses) {
      server.code = 0;
      server.silent = false;
      server.records.clear();
      if (addresses.length > 0) {
        server.records.put(
            type + " ldap.test",
            Stream.of(addresses)
                .map(one -> type == Records.SRV ? "0 5 389 h" + one + "." : one)
                .toList());
      }
    }

    @Override
    public void fails() {
      server.code = 2;
    }

    @Override
    public void hangs() {
      server.silent = true;
    }

    @Override
    public void close() {
      server.close();
    }
  }

  /** Two worlds that say the same; only the second one fails. */
  record Both(World first, World second, Function<List<SourceSpec>, SourceSpec> gathered)
      implements World {
    static Both open(Function<List<SourceSpec>, SourceSpec> gathered) throws Exception {
      return new Both(http(), http(), gathered);
    }

    @Override
    public SourceSpec spec(Habits habits) throws Exception {
      return gathered.apply(List.of(first.spec(habits), second.spec(habits)));
    }

    @Override
    public void names(String... addresses) throws Exception {
      first.names(addresses);
      second.names(addresses);
    }

    @Override
    public void fails() throws Exception {
      second.fails();
    }

    @Override
    public void hangs() throws Exception {
      second.hangs();
    }

    @Override
    public void close() throws IOException {
      first.close();
      second.close();
    }
  }
}
