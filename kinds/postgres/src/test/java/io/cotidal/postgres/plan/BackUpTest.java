package io.cotidal.postgres.plan;

import static io.cotidal.postgres.plan.Scene.A;
import static io.cotidal.postgres.plan.Scene.B;
import static io.cotidal.postgres.plan.Scene.C;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.engine.Command;
import io.cotidal.engine.Row;
import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.plan.archiving.BackUp;
import io.cotidal.postgres.plan.archiving.Restore;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.members.Create;
import io.cotidal.postgres.spec.Archive;
import io.cotidal.postgres.spec.Care;
import io.cotidal.postgres.spec.Failover;
import io.cotidal.postgres.spec.PostgresSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Base backups and restores, asked for and by themselves. */
@Timeout(20)
class BackUpTest {
  private static final Archive ARCHIVE =
      new Archive(new Archive.Place.Folder(Path.of("/archive")))
          .and(new Archive.Place.Folder(Path.of("/second")));

  private static Desk desk(Archive archive, PaperCluster world) {
    PostgresSpec spec = Scene.spec(1, Failover.DEFAULT);
    Desk desk = new Desk(world.whole(), caring(spec, Care.PLAIN.with(archive)));
    desk.store.write(
        new Row.PutLedger(
            Ledger.primary(A, 2, 500)
                .with(Acts.TIMELINE, 3)
                .with(Ledger.quorum(List.of(), 0))
                .with(Ledger.members(List.of(A, B, C)))));
    return desk.start().settle();
  }

  private static PostgresSpec caring(PostgresSpec spec, Care care) {
    return spec.with(spec.practice().caring(care));
  }

  private static List<Operation> backups(Desk desk) {
    return desk.store.operations().stream()
        .filter(operation -> operation.type().equals(BackUp.NAME))
        .toList();
  }

  @Test
  @DisplayName(
      "postgres/S32: a dead repository fails the backup by name, and the other one has its own")
  void oneIsDead() {
    PaperCluster world = new PaperCluster();
    world.dead.add("1");
    Desk desk = desk(ARCHIVE.every(new Archive.Backups(Duration.ofDays(1), 2)), world);
    assertThat(world.taken).hasSize(1).allMatch(each -> each.endsWith(" 2"));
    Operation failed = backups(desk).getFirst();
    assertThat(failed.state()).isEqualTo(OperationState.FAILED);
    assertThat(failed.note()).contains("/archive: it is dead").doesNotContain("/second");
    assertThat(failed.steps())
        .as("what was not taken must not have what is there removed")
        .noneMatch(row -> row.step().act().equals(Acts.PRUNE));
    assertThat(failed.steps())
        .as("of a replica that streams")
        .filteredOn(row -> row.step().act().equals(Acts.BACKUP))
        .allMatch(row -> B.equals(row.step().member()));
    assertThat(desk.diagnosis()).isEqualTo("degraded");
  }

  @Test
  @DisplayName("Without a schedule one is taken when asked for, and nothing is removed")
  void asked() {
    PaperCluster world = new PaperCluster();
    Desk desk = desk(ARCHIVE, world);
    assertThat(backups(desk)).isEmpty();
    desk.command(BackUp.NAME, Details.of(Inputs.MEMBER, A));
    desk.settle();
    assertThat(world.taken).hasSize(2);
    Operation done = backups(desk).getFirst();
    assertThat(done.state()).isEqualTo(OperationState.DONE);
    assertThat(done.steps()).noneMatch(row -> row.step().act().equals(Acts.PRUNE));
    assertThat(desk.diagnosis()).isEqualTo("healthy");
  }

  @Test
  @DisplayName("postgres/S31: what makes no sense is refused before it begins")
  void refused() {
    Scene empty = new Scene();
    empty.ledger = Details.NONE;
    for (var member : List.of(A, B, C)) {
      empty.says(member, Scene.gone("absent"));
    }
    assertThatThrownBy(() -> prepare(empty, Restore.NAME, Details.NONE))
        .hasMessageContaining("does not say from what");
    empty.spec =
        caring(
            empty.spec,
            Care.PLAIN.from(
                new io.cotidal.postgres.spec.Restore(List.of(ARCHIVE.place()), List.of())));
    assertThat(prepare(empty, Restore.NAME, Details.of(Restore.TO_LSN, "0/5 "))).isNotNull();
    assertThatThrownBy(
            () -> prepare(empty, Restore.NAME, Details.of(Restore.TO_TIME, "2999-01-01 00:00Z")))
        .hasMessageContaining("still to come");
    assertThatThrownBy(() ->
            prepare(
                empty, Restore.NAME, Details.of(Restore.TO_LSN, "0/5").with(Restore.TO_NAME, "x")))
        .hasMessageContaining("one of to-time");
    assertThatThrownBy(() -> prepare(empty, Restore.NAME, Details.of(Restore.TIMELINE, "x")))
        .hasMessageContaining("a number");
    assertThatThrownBy(() -> prepare(empty, Create.NAME, Details.NONE))
        .hasMessageContaining("cot restore");
    empty.says(A, Scene.gone("present"));
    assertThatThrownBy(() -> prepare(empty, Restore.NAME, Details.NONE))
        .hasMessageContaining("nothing is restored over what is there");
    empty.ledger = Details.of(Restore.RESTORING, A);
    assertThat(prepare(empty, Restore.NAME, Details.NONE).need(Acts.AGAIN)).isEqualTo("true");
    empty.says(B, Scene.gone("present"));
    assertThatThrownBy(() -> prepare(empty, Restore.NAME, Details.NONE))
        .hasMessageContaining("nothing is restored over what is there");
    assertThatThrownBy(() -> prepare(new Scene(), BackUp.NAME, Details.NONE))
        .hasMessageContaining("has no archive");
  }

  private static Details prepare(Scene scene, String type, Details input) {
    return new PostgresKind()
        .prepare(
            scene.spec,
            scene.looks(5).state(),
            new Command.Begin(new Actor("ann"), type, input, null, false));
  }
}
