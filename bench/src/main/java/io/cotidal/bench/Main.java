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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code bench/run NAME [--rounds N] [--quick]}. */
public final class Main {
  private static final int ROUNDS = 20;
  private static final int QUICK = 2;
  private static final Set<String> NAMES =
      Set.of(
          FailoverBench.NAME,
          CopiesReport.NAME,
          DirectoryBench.NAME,
          WatchingBench.NAME,
          SoakBench.NAME,
          FeedsBench.NAME,
          ObjectsBench.NAME);
  private static final Map<String, Integer> USUAL =
      Map.of(
          DirectoryBench.NAME,
          5,
          WatchingBench.NAME,
          12,
          SoakBench.NAME,
          10,
          FeedsBench.NAME,
          5,
          ObjectsBench.NAME,
          5);
  private static final String SMALL = "--small";
  private static final String USAGE =
      """
      usage: bench/run failover|copies|directory|watching|soak|feeds|objects [--rounds N] [--quick]
             bench/run failover-rivals (--help says more)
             bench/run failover --members ssh [--rounds N] [--quick]
             bench/run feeds --cell publish|delta|readers|pass|batch|rollback|memory [--rounds N] [--quick]
             bench/run objects --cell small|large|mover|scan|proof|outage|promise [--rounds N] [--quick]
        --rounds N   of every cell (20; directory: 5, which takes about half an hour;
                     watching: 12 windows of ten seconds; soak: 10 minutes; feeds and objects: 5)
        --quick      two rounds (copies: one, small templates; directory: one, three servers; feeds: small tables; objects: small containers): shows that it works, proves nothing, is not kept
      usage: bench/run copies --small
        --small      twenty rounds, one copy at a time, templates of 100 MiB alone
      """;

  private Main() {}

  /**
   * What is asked for.
   *
   * @param rounds 0 if the arguments make no sense
   * @param cell the only one of {@link FeedsBench} or {@link ObjectsBench}; all if empty
   */
  private record Asked(
      String name, int rounds, boolean quick, boolean small, boolean far, String cell) {
    Asked(String name, int rounds, boolean quick, boolean small, boolean far) {
      this(name, rounds, quick, small, far, "");
    }

    static Asked of(String[] args) {
      boolean one = args.length > 2 && args[1].equals("--cell") && cells(args[0]).contains(args[2]);
      if (one) {
        List<String> rest = new ArrayList<>(List.of(args));
        rest.subList(1, 3).clear();
        Asked asked = of(rest.toArray(String[]::new));
        return new Asked(asked.name(), asked.rounds(), asked.quick(), false, false, args[2]);
      }
      boolean far =
          args.length > 2
              && args[0].equals(FailoverBench.NAME)
              && args[1].equals("--members")
              && args[2].equals("ssh");
      if (far) {
        List<String> rest = new ArrayList<>(List.of(args));
        rest.subList(1, 3).clear();
        Asked asked = of(rest.toArray(String[]::new));
        return new Asked(asked.name(), asked.rounds(), asked.quick(), false, true);
      }
      if (args.length == 0 || !NAMES.contains(args[0])) {
        return new Asked("", 0, false, false, false);
      }
      String name = args[0];
      String option = args.length > 1 ? args[1] : "";
      int usual = USUAL.getOrDefault(name, ROUNDS);
      if (args.length == 1) {
        return new Asked(name, usual, false, false, false);
      }
      if (args.length == 2 && option.equals("--quick")) {
        return new Asked(name, QUICK, true, false, false);
      }
      if (args.length == 2 && option.equals(SMALL) && name.equals(CopiesReport.NAME)) {
        return new Asked(name, usual, false, true, false);
      }
      boolean counted =
          args.length == 3 && option.equals("--rounds") && args[2].matches("[0-9]{1,4}");
      return new Asked(name, counted ? Integer.parseInt(args[2]) : 0, false, false, false);
    }

    private static Set<String> cells(String name) {
      return switch (name) {
        case FeedsBench.NAME -> FeedsBench.cells();
        case ObjectsBench.NAME -> ObjectsBench.cells();
        default -> Set.of();
      };
    }

    /** Whether it is worth keeping. */
    boolean kept() {
      return rounds > QUICK;
    }
  }

  /** Runs the measurement that is named. Exit code: 0 if all targets are met, 1 if not, 2 usage. */
  public static void main(String[] args) {
    Asked asked = Asked.of(args);
    if (asked.rounds() < 1) {
      System.err.print(USAGE);
      System.exit(2);
    }
    Stop stop = Stop.onSignal();
    int exit = 1;
    try {
      exit = measure(asked, String.join(" ", args), stop) ? 0 : 1;
    } catch (BenchProblem | DemoProblem | IOException | SQLException e) {
      System.err.println("bench: " + e.getMessage());
    } finally {
      stop.ended();
    }
    System.exit(exit);
  }

  private static boolean measure(Asked asked, String arguments, Stop stop)
      throws BenchProblem, DemoProblem, IOException, SQLException {
    Path root = Path.of(System.getProperty("cotidal.root", "."));
    Map<String, String> machine = Machine.now(root);
    machine.put("command", "bench/run " + arguments);
    Path state = StateFolder.ofUser();
    DaemonLog.in(state);
    Measurement report =
        switch (asked.name()) {
          case CopiesReport.NAME -> copies(asked.rounds(), asked.small());
          case DirectoryBench.NAME -> directory(asked);
          case WatchingBench.NAME ->
              new WatchingBench(System.err).run(asked.rounds(), asked.quick());
          case SoakBench.NAME -> new SoakBench(System.err).run(asked.rounds());
          case FeedsBench.NAME ->
              new FeedsBench(
                      asked.quick() ? FeedsBench.Effort.QUICK : FeedsBench.Effort.WHOLE, System.err)
                  .run(asked.cell(), asked.rounds());
          case ObjectsBench.NAME ->
              new ObjectsBench(
                      asked.quick() ? ObjectsBench.Effort.QUICK : ObjectsBench.Effort.WHOLE,
                      System.err)
                  .run(asked.cell(), asked.rounds());
          default ->
              new FailoverBench(place(state), System.err, asked.far()).run(asked.rounds(), stop);
        };
    machine.put("load at the end", Machine.load());
    System.out.printf(
        "%n%s at %s, %s cores, load %s at the begin, %s at the end%n%n%s%n",
        report.bench(),
        machine.get("date"),
        machine.get("cores"),
        machine.get("load"),
        machine.get("load at the end"),
        report.table());
    if (asked.kept()) {
      String cell = asked.cell().isEmpty() ? "" : "-" + asked.cell();
      String suffix = asked.small() ? "-small" : cell;
      Path results = Files.createDirectories(root.resolve("bench/results"));
      Files.writeString(
          results.resolve(report.bench() + suffix + ".json"), report.json(machine) + "\n");
    }
    System.out.println(report.json(asked.kept() ? Map.of() : machine));
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

  private static LinesReport directory(Asked asked) throws BenchProblem, IOException {
    return asked.quick()
        ? new DirectoryBench(DirectoryBench.Effort.QUICK, System.err).run(1)
        : new DirectoryBench(DirectoryBench.Effort.WHOLE, System.err).run(asked.rounds());
  }
}
