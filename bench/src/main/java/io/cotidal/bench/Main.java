package io.cotidal.bench;

import io.cotidal.app.DaemonsHere;
import io.cotidal.app.demo.DaemonLog;
import io.cotidal.app.demo.DemoProblem;
import io.cotidal.app.demo.Site;
import io.cotidal.app.demo.Stop;
import io.cotidal.lab.StateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;

/** {@code bench/run NAME [--rounds N] [--quick]}. */
public final class Main {
  private static final int ROUNDS = 20;
  private static final int QUICK = 2;
  private static final Set<String> NAMES = Set.of(FailoverBench.NAME, CopiesReport.NAME);
  private static final String SMALL = "--small";
  private static final String USAGE =
      """
      usage: bench/run failover|copies [--rounds N] [--quick]
        --rounds N   of every cell (20)
        --quick      two rounds (copies: one, small templates): shows that it works, proves nothing, is not kept
      usage: bench/run copies --small
        --small      twenty rounds, one copy at a time, templates of 100 MiB alone
      """;

  private Main() {}

  /** Runs the measurement that is named. Exit code: 0 if all targets are met, 1 if not, 2 usage. */
  public static void main(String[] args) {
    int rounds = rounds(args);
    boolean small = args.length == 2 && args[1].equals(SMALL);
    if (rounds < 1 || !NAMES.contains(args[0])) {
      System.err.print(USAGE);
      System.exit(2);
    }
    Stop stop = Stop.onSignal();
    int exit = 1;
    try {
      exit = measure(args[0], rounds, small, stop) ? 0 : 1;
    } catch (BenchProblem | DemoProblem | IOException | SQLException e) {
      System.err.println("bench: " + e.getMessage());
    } finally {
      stop.ended();
    }
    System.exit(exit);
  }

  private static boolean measure(String name, int rounds, boolean small, Stop stop)
      throws BenchProblem, DemoProblem, IOException, SQLException {
    Path root = Path.of(System.getProperty("cotidal.root", "."));
    Map<String, String> machine = Machine.now(root);
    Path state = StateFolder.ofUser();
    DaemonLog.in(state);
    Measurement report =
        name.equals(CopiesReport.NAME)
            ? copies(rounds, small)
            : new FailoverBench(place(state), System.err).run(rounds, stop);
    machine.put("load at the end", Machine.load());
    System.out.printf(
        "%n%s at %s, %s cores, load %s at the begin, %s at the end%n%n%s%n",
        report.bench(),
        machine.get("date"),
        machine.get("cores"),
        machine.get("load"),
        machine.get("load at the end"),
        report.table());
    if (rounds > QUICK) {
      String suffix = small ? "-small" : "";
      Path results = Files.createDirectories(root.resolve("bench/results"));
      Files.writeString(
          results.resolve(report.bench() + suffix + ".json"), report.json(machine) + "\n");
    }
    System.out.println(report.json(rounds > QUICK ? Map.of() : machine));
    return report.met();
  }

  private static Site place(Path state) {
    return new Site(new DaemonsHere("bench"), state, Site.chosenBase(), 0);
  }

  private static CopiesReport copies(int rounds, boolean small) throws BenchProblem, IOException {
    boolean quick = rounds <= QUICK;
    CopiesBench.Extent most = small ? CopiesBench.Extent.SMALL : CopiesBench.Extent.WHOLE;
    return new CopiesBench(quick ? CopiesBench.Extent.QUICK : most, System.err)
        .run(quick ? 1 : rounds);
  }

  /** How many rounds are asked for; 0 if the arguments make no sense. */
  private static int rounds(String[] args) {
    if (args.length == 1) {
      return ROUNDS;
    }
    if (args.length == 2 && args[1].equals("--quick")) {
      return QUICK;
    }
    if (args.length == 2 && args[1].equals(SMALL) && args[0].equals(CopiesReport.NAME)) {
      return ROUNDS;
    }
    boolean counted =
        args.length == 3 && args[1].equals("--rounds") && args[2].matches("[0-9]{1,4}");
    return counted ? Integer.parseInt(args[2]) : 0;
  }
}
