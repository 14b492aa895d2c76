package io.cotidal.app;

import io.cotidal.app.adopt.AdoptCommand;
import io.cotidal.app.config.ConfigurationReader;
import io.cotidal.app.copies.VolumeCommand;
import io.cotidal.app.demo.DemoCommand;
import io.cotidal.app.kinds.Kinds;
import io.cotidal.app.objects.AutosyncOriginal;
import io.cotidal.app.objects.GatewayCommand;
import io.cotidal.app.postgres.HandyrepOriginal;
import io.cotidal.app.postgres.MemberCommand;
import io.cotidal.app.postgres.MemberPrepare;
import io.cotidal.cli.Cli;
import io.cotidal.cli.commands.Catalogue;
import io.cotidal.cli.commands.Surroundings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Entry point of {@code cot}. */
public final class Main {
  private static final String VERSION = "0.1.0-SNAPSHOT";

  private Main() {}

  /** Runs one command line and ends the process with its exit code. */
  public static void main(String[] args) {
    Map<String, String> environment = System.getenv();
    ConfigurationReader reader = Kinds.reader(Map.of(), environment, Path.of("").toAbsolutePath());
    Catalogue catalogue =
        new Catalogue(
            VERSION,
            Kinds::actions,
            List.of(
                new Serve(VERSION, environment),
                new ConfigExplain(environment),
                new DirectoryRun(VERSION, environment),
                new FeedRun(VERSION, environment),
                new FeedSync(VERSION, environment),
                new FeedHook(VERSION, environment),
                new FeedPack(environment),
                new GatewayCommand(reader),
                new AdoptCommand(List.of(new AutosyncOriginal(), new HandyrepOriginal())),
                new VolumeCommand(VolumeCommand.Verb.INIT),
                new VolumeCommand(VolumeCommand.Verb.ATTACH),
                new VolumeCommand(VolumeCommand.Verb.DETACH),
                new MemberPrepare(environment, reader),
                new MemberCommand(MemberCommand.Verb.ADD, reader),
                new MemberCommand(MemberCommand.Verb.REMOVE, reader),
                new MemberCommand(MemberCommand.Verb.SET, reader),
                new DemoCommand(new DaemonsHere(VERSION))));
    System.exit(new Cli(Surroundings.system(), catalogue).run(args));
  }
}
