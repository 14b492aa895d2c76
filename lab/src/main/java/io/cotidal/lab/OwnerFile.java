package io.cotidal.lab;

import io.cotidal.remote.ProcessId;
import io.cotidal.remote.ProcessTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * What one lab owns, as it lies on the disk: lines that are only ever appended, so that a kill at
 * any moment leaves a readable file.
 *
 * <pre>
 * owner PID@START BOOT
 * folder PATH
 * process PID@START
 * </pre>
 *
 * @param owner the JVM that opened the lab
 * @param boot the boot of the machine in which all pids of the file mean something
 * @param folders which it made, or was about to make
 * @param processes which it started
 */
record OwnerFile(ProcessId owner, String boot, List<Path> folders, List<ProcessId> processes) {
  /**
   * Name of the marker that a lab leaves in each of its folders; without it nothing there is
   * removed.
   */
  static final String MARKER = ".cotidal-lab";

  /** Appends {@code line} to {@code file}; atomic, for a line is short. */
  static void append(Path file, String line) throws IOException {
    Files.writeString(
        file,
        line + "\n",
        StandardCharsets.UTF_8,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  static String ownerLine(ProcessId owner, String boot) {
    return "owner " + owner + " " + boot;
  }

  static String folderLine(Path folder) {
    return "folder " + folder;
  }

  static String processLine(ProcessId process) {
    return "process " + process;
  }

  /**
   * Reads {@code file}; a last line that was cut short by a kill is left out.
   *
   * @throws IllegalArgumentException if a line has another form
   */
  static OwnerFile read(Path file) throws IOException {
    String text = Files.readString(file);
    ProcessId owner = new ProcessId(0, 0);
    String boot = "";
    List<Path> folders = new ArrayList<>();
    List<ProcessId> processes = new ArrayList<>();
    for (String line : text.substring(0, text.lastIndexOf('\n') + 1).split("\n")) {
      if (line.startsWith("folder ")) {
        folders.add(Path.of(line.substring("folder ".length())));
        continue;
      }
      String[] words = line.split(" ");
      switch (words[0]) {
        case "owner" -> {
          owner = ProcessId.parse(words[1]);
          boot = words.length > 2 ? words[2] : "";
        }
        case "process" -> processes.add(ProcessId.parse(words[1]));
        default -> {
          // Empty: the lab was killed before it wrote anything.
        }
      }
    }
    return new OwnerFile(owner, boot, folders, processes);
  }

  /** This boot of the machine. */
  static String thisBoot() throws IOException {
    return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
  }

  /** Whether the lab that wrote the file still lives. */
  boolean ownerLives() throws IOException {
    return boot.equals(thisBoot()) && new ProcessTable().alive(owner);
  }
}
