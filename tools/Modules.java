import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/** The folder that holds the modules. */
final class Modules {
  private final Path root;

  Modules(Path root) {
    this.root = root;
  }

  /** The file or folder of that path from the root. */
  Path at(String path) {
    return root.resolve(path);
  }

  /** Files of the modules; a report lies in target/surefire-reports or target/failsafe-reports. */
  List<Path> files(Predicate<Path> wanted) throws IOException {
    var found = new ArrayList<Path>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            var name = folder.getFileName().toString();
            var inTarget = "target".equals(folder.getParent().getFileName().toString());
            var skip =
                name.equals(".git") || inTarget && !name.matches("(surefire|failsafe)-reports");
            return skip && !folder.equals(root)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (wanted.test(file)) {
              found.add(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException gone) {
            return FileVisitResult.CONTINUE;
          }
        });
    found.sort(Comparator.naturalOrder());
    return found;
  }
}
