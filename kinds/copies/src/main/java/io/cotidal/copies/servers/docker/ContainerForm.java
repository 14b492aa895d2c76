package io.cotidal.copies.servers.docker;

import io.cotidal.copies.database.Place;
import java.util.List;
import java.util.SortedMap;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The description from which the Engine makes a container. Pure.
 *
 * <p>The data folder exists and holds all accounts, so the image needs no secret. The variables of
 * the original's contract are set all the same, because an entrypoint may refuse to run without
 * them: to names that mean nothing and to a password that was made for this container, is told to
 * nobody and is kept nowhere. An image that gave it to an account of an existing folder would lock
 * the administrator out, and such a copy is never handed out.
 *
 * @param image what it is made of
 * @param volumes folders for which the image wants a volume: they get none, for the data lies
 *     elsewhere
 * @param program the server and its arguments
 * @param throwAway a random word, of this container alone
 */
record ContainerForm(
    ImageName image, List<String> volumes, ImageProgram program, String throwAway) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long MEGABYTE = 1024 * 1024;
  private static final String SCRATCH = "rw,noexec,nosuid,nodev,size=64m,mode=1777";
  private static final String UNUSED = "unused";

  /** Processes and threads of one container. */
  private static final int MOST_TASKS = 512;

  ContainerForm {
    volumes = List.copyOf(volumes);
  }

  /** For a server of {@code place} that runs as {@code uid}. */
  ObjectNode json(Place place, int uid, SortedMap<String, String> labels) {
    ObjectNode form = JSON.createObjectNode();
    form.put("Image", image.text());
    form.put("User", uid + ":" + uid);
    form.put("StopSignal", program.family().stopSignal());
    form.set("Cmd", texts(program.arguments()));
    form.set("Env", texts(environment(place)));
    // What the image thinks of its health is asked by nobody, and would start a client every while.
    form.putObject("Healthcheck").set("Test", texts(List.of("NONE")));
    ObjectNode labelled = form.putObject("Labels");
    labels.forEach(labelled::put);
    form.set("HostConfig", host(place));
    return form;
  }

  private ObjectNode host(Place place) {
    ObjectNode host = JSON.createObjectNode();
    // A server for its socket alone gets no network at all.
    host.put("NetworkMode", place.port() == 0 ? "none" : "host");
    host.put("ReadonlyRootfs", true);
    host.put("PidsLimit", MOST_TASKS);
    host.put("Memory", memory(place));
    host.put("MemorySwap", memory(place));
    host.put("ShmSize", 256 * MEGABYTE);
    host.set("CapDrop", texts(List.of("ALL")));
    host.set("SecurityOpt", texts(List.of("no-new-privileges")));
    host.putObject("RestartPolicy").put("Name", "no");
    host.set("Mounts", JSON.createArrayNode().add(mount(place.data())).add(mount(place.run())));
    ObjectNode scratch = host.putObject("Tmpfs");
    volumes.forEach(folder -> scratch.put(folder, SCRATCH));
    scratch.put("/tmp", SCRATCH).put("/run", SCRATCH);
    ObjectNode core = host.putArray("Ulimits").addObject();
    // A dump of the memory would hold data.
    core.put("Name", "core").put("Soft", 0).put("Hard", 0);
    ObjectNode log = host.putObject("LogConfig").put("Type", "json-file");
    log.putObject("Config").put("max-size", "1m").put("max-file", "1");
    return host;
  }

  private static ObjectNode mount(java.nio.file.Path folder) {
    String path = folder.toAbsolutePath().toString();
    ObjectNode mount = JSON.createObjectNode();
    return mount.put("Type", "bind").put("Source", path).put("Target", path);
  }

  /** Twice the caches and what a server needs beside them: measured, 75 MiB with caches of 32. */
  private static long memory(Place place) {
    return (256L + 2L * Math.max(32, place.memoryMegabytes())) * MEGABYTE;
  }

  private List<String> environment(Place place) {
    return switch (program.family()) {
      case MYSQL ->
          List.of(
              "MYSQL_ROOT_PASSWORD=" + throwAway,
              "MYSQL_USER=" + UNUSED,
              "MYSQL_PASSWORD=" + throwAway,
              "MYSQL_DATABASE=" + UNUSED);
      case POSTGRES ->
          List.of(
              "PGDATA=" + place.data().toAbsolutePath(),
              "POSTGRES_USER=" + UNUSED,
              "POSTGRES_PASSWORD=" + throwAway,
              "POSTGRES_DB=" + UNUSED);
    };
  }

  private static ArrayNode texts(List<String> values) {
    ArrayNode array = JSON.createArrayNode();
    values.forEach(array::add);
    return array;
  }
}
