package io.cotidal.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.engine.Driver;
import io.cotidal.model.Details;
import io.cotidal.model.Host;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.model.Observation;
import io.cotidal.model.Outcome;
import io.cotidal.model.Progress;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Drivers that break one promise each: the trial must see it. */
@Timeout(10)
final class DriverTrialTest {
  private static final MemberId A = new MemberId("a");
  private static final Step STEP = Step.act("build", A, "build it").within(Duration.ofSeconds(1));

  /** A member that is a number of buildings, with a gate. */
  private static final class Member {
    private Stamp remembered = new Stamp(7, 3);
    private int buildings;

    boolean admits(Stamp stamp) {
      if (remembered.refuses(stamp)) {
        return false;
      }
      remembered = stamp;
      return true;
    }
  }

  /** Keeps every promise. */
  private static class Honest implements Driver<String> {
    final Member member;

    Honest(Member member) {
      this.member = member;
    }

    @Override
    public Observation<String> observe(MemberId id, Duration deadline) {
      return new Observation.Refused<>("it does not run", Host.UNKNOWN);
    }

    @Override
    public Outcome stamp(MemberId id, Stamp stamp, Duration deadline) {
      return new Outcome.Failed("nobody asks");
    }

    @Override
    public Outcome act(Step step, Stamp stamp, Consumer<Progress> progress) {
      if (!member.admits(stamp)) {
        return new Outcome.Refused(member.remembered);
      }
      member.buildings++;
      return new Outcome.Done(Details.NONE);
    }

    @Override
    public Inspection inspect(Step step, Stamp stamp) {
      if (!member.admits(stamp)) {
        return new Inspection.Unknown("the member follows a newer stamp");
      }
      return member.buildings > 0
          ? new Inspection.Applied(Details.NONE)
          : new Inspection.NotApplied("nothing is built");
    }

    @Override
    public void heartbeat(MemberId id, Stamp stamp, Duration deadline) {}

    @Override
    public void close() {}
  }

  private static List<String> looks(Honest driver) {
    return trial(driver).looksOnly();
  }

  private static List<String> acts(Honest driver) {
    return trial(driver).tellsTheTruth(STEP, new Stamp(8, 1));
  }

  private static DriverTrial<String> trial(Honest driver) {
    return new DriverTrial<>(() -> driver, A, () -> driver.member.buildings);
  }

  @Test
  @DisplayName("a driver that keeps its promises passes")
  void honest() {
    assertThat(looks(new Honest(new Member()))).isEmpty();
    assertThat(acts(new Honest(new Member()))).isEmpty();
  }

  @Test
  @DisplayName("a look that changes something is seen")
  void busyLook() {
    Honest busy =
        new Honest(new Member()) {
          @Override
          public Observation<String> observe(MemberId id, Duration deadline) {
            member.buildings++;
            return super.observe(id, deadline);
          }
        };
    assertThat(looks(busy)).containsExactly("a look changed 0 to 3");
  }

  @Test
  @DisplayName("an inspection that raises no stamp lets the late act in, and is seen")
  void lateAct() {
    Honest forgetful =
        new Honest(new Member()) {
          @Override
          public Inspection inspect(Step step, Stamp stamp) {
            Stamp before = member.remembered;
            Inspection seen = super.inspect(step, stamp);
            member.remembered = before;
            return seen;
          }
        };
    assertThat(acts(forgetful)).anyMatch(each -> each.startsWith("an act that comes late: Done"));
  }

  @Test
  @DisplayName("an inspection that does not see the effect, or sees one too early, is seen")
  void blind() {
    Honest blind =
        new Honest(new Member()) {
          @Override
          public Inspection inspect(Step step, Stamp stamp) {
            super.inspect(step, stamp);
            return new Inspection.NotApplied("nobody looked");
          }
        };
    assertThat(acts(blind)).hasSize(1).first().asString().startsWith("killed after the act: ");
    Honest hopeful =
        new Honest(new Member()) {
          @Override
          public Inspection inspect(Step step, Stamp stamp) {
            super.inspect(step, stamp);
            return new Inspection.Applied(Details.NONE);
          }
        };
    assertThat(acts(hopeful)).hasSize(2).first().asString().startsWith("before the act: ");
  }

  @Test
  @DisplayName("a gate that takes anybody is seen")
  void openGate() {
    Honest open =
        new Honest(new Member()) {
          @Override
          public Outcome act(Step step, Stamp stamp, Consumer<Progress> progress) {
            member.remembered = stamp;
            return super.act(step, stamp, progress);
          }
        };
    assertThat(acts(open)).anyMatch(each -> each.startsWith("an act of an older epoch: Done"));
  }
}
