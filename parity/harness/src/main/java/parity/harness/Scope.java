package parity.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;

/**
 * What belongs to the counterpart: its method, and the methods of the project's own classes that it
 * may call, directly or through what it makes. Where the counterpart is a library's, its class alone
 * is the project's own, with the classes inside of it.
 */
final class Scope {
  private final Loader loader;
  private final String unit;
  private final Subject subject;
  private final Map<String, ClassNode> nodes = new HashMap<>();
  private final Set<String> libraries = new HashSet<>();
  private final Set<String> methods = new TreeSet<>();
  private final Set<String> made = new LinkedHashSet<>();
  private final Set<String> called = new LinkedHashSet<>();
  private final Deque<Place> left = new ArrayDeque<>();
  private final Map<String, List<Runnable>> kept = new HashMap<>();
  private final Set<String> fieldsRead = new HashSet<>();

  private record Place(ClassNode owner, MethodNode method) {}

  Scope(Loader loader, String unit, Subject subject) {
    this.loader = loader;
    this.unit = unit;
    this.subject = subject;
    if (!isInFolder(counterpart())) {
      libraries.addAll(counterparts());
    }
  }

  // ------------------------------------------------------------ which classes

  /** Internal names of the classes that the map names: by themselves, or in a text. */
  private Set<String> counterparts() {
    if (subject.kind() != Subject.Kind.EXPRESSION) {
      return Set.of(internal(subject.owner().getName()));
    }
    Set<String> named = new LinkedHashSet<>();
    loader.texts(unit).values().forEach(text -> Calls.of(text, call -> named.add(call.getOwner())));
    named.removeIf(name -> loader.texts(unit).containsKey(name.replace('/', '.')));
    named.removeIf(name -> found(name) == null);
    return named;
  }

  /** Whether the unit's own loader defines none of these classes: a shared one does. */
  boolean isForeign() {
    return counterparts().stream().noneMatch(name -> found(name) != null);
  }

  private String counterpart() {
    return counterparts().stream().findFirst().orElse(internal(subject.owner().getName()));
  }

  private boolean isInFolder(String name) {
    Entry.Found found = found(name);
    return found != null && found.place instanceof Entry.Folder;
  }

  private Entry.Found found(String name) {
    return loader.ownClass(unit, name.replace('/', '.'));
  }

  /** Whether mutants of a class, by its internal name, are mutants of the counterpart. */
  boolean isOwn(String name) {
    if (loader.texts(unit).containsKey(name.replace('/', '.'))) {
      return false;
    } else if (libraries.isEmpty()) {
      return isInFolder(name);
    }
    return libraries.stream().anyMatch(one -> name.equals(one) || name.startsWith(one + "$"));
  }

  /** The bytes of any class that the unit sees, as the compiler left them; null where it has none. */
  byte[] bytes(String name) {
    Entry.Found found = found(name);
    try {
      if (found != null) {
        return found.bytes();
      }
      try (InputStream in = loader.loader(unit).getResourceAsStream(name + ".class")) {
        return in == null ? null : in.readAllBytes();
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private ClassNode node(String name) {
    if (name == null || name.startsWith("[") || !isOwn(name)) {
      return null;
    }
    return nodes.computeIfAbsent(
        name,
        missing -> {
          byte[] bytes = bytes(missing);
          if (bytes == null) {
            return null;
          }
          ClassNode node = new ClassNode();
          new ClassReader(bytes).accept(node, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
          return node;
        });
  }

  // ------------------------------------------------------------ which methods

  /** The methods that the counterpart may call, and those that were seen to run. */
  Set<String> methods(List<String> reached) {
    begin();
    while (!left.isEmpty()) {
      while (!left.isEmpty()) {
        follow(left.pop());
      }
      for (String type : List.copyOf(made)) {
        dispatch(type);
      }
    }
    for (String key : reached) {
      if (isOwn(key.substring(0, key.indexOf('.')))) {
        methods.add(key);
      }
    }
    return methods;
  }

  private void begin() {
    String owner = internal(subject.owner().getName());
    switch (subject.kind()) {
      case EXPRESSION -> loader.texts(unit).values().forEach(text -> Calls.of(text, this::call));
      case CLASS -> {
        ClassNode node = node(owner);
        make(owner);
        if (node != null) {
          for (MethodNode method : node.methods) {
            if (Modifier.isPublic(method.access)) {
              take(node, method);
            }
          }
        }
      }
      default -> {
        if (!subject.isStatic()) {
          make(owner);
        }
        Method method = subject.method();
        for (MethodNode each : all(owner)) {
          if (each.name.equals(method.getName())
              && (subject.isHandler() || each.desc.equals(Type.getMethodDescriptor(method)))) {
            resolve(owner, each.name, each.desc);
          }
        }
      }
    }
  }

  private List<MethodNode> all(String owner) {
    List<MethodNode> all = new ArrayList<>();
    for (ClassNode at = node(owner); at != null; at = node(at.superName)) {
      all.addAll(at.methods);
    }
    return all;
  }

  private void take(ClassNode owner, MethodNode method) {
    if (methods.add(Points.key(owner.name, method.name, method.desc))) {
      left.push(new Place(owner, method));
      initialise(owner);
    }
  }

  private void initialise(ClassNode owner) {
    if (owner != null) {
      for (MethodNode method : owner.methods) {
        if (method.name.equals("<clinit>")) {
          take(owner, method);
        }
      }
    }
  }

  private void make(String type) {
    if (node(type) != null && made.add(type)) {
      initialise(node(type));
    }
  }

  private void resolve(String owner, String name, String descriptor) {
    Deque<String> types = new ArrayDeque<>(List.of(owner));
    while (!types.isEmpty()) {
      ClassNode at = node(types.pop());
      if (at == null) {
        continue;
      }
      for (MethodNode method : at.methods) {
        if (method.name.equals(name) && method.desc.equals(descriptor)) {
          take(at, method);
          return;
        }
      }
      at.interfaces.forEach(types::push);
      if (at.superName != null) {
        types.push(at.superName);
      }
    }
  }

  private void follow(Place place) {
    boolean initial = place.method.name.equals("<clinit>");
    List<Runnable> waiting = new ArrayList<>();
    for (AbstractInsnNode one : place.method.instructions) {
      if (one instanceof MethodInsnNode call) {
        call(call.owner, call.name, call.desc);
      } else if (one instanceof TypeInsnNode type && one.getOpcode() == Opcodes.NEW) {
        make(type.desc);
      } else if (one instanceof FieldInsnNode field && one.getOpcode() == Opcodes.GETSTATIC) {
        initialise(node(field.owner));
        String name = field.owner + "." + field.name;
        if (initial) {
          waiting.add(() -> read(name));
        } else {
          read(name);
        }
      } else if (one instanceof FieldInsnNode field && one.getOpcode() == Opcodes.PUTSTATIC) {
        initialise(node(field.owner));
        keep(field.owner + "." + field.name, waiting);
        waiting.clear();
      } else if (one instanceof InvokeDynamicInsnNode dynamic) {
        for (Object argument : dynamic.bsmArgs) {
          if (argument instanceof Handle handle && initial) {
            waiting.add(() -> call(handle));
          } else if (argument instanceof Handle handle) {
            call(handle);
          }
        }
      }
    }
    waiting.forEach(Runnable::run);
  }

  // What a class hands to a static field while it is initialised is called by whoever reads that.
  private void keep(String field, List<Runnable> waiting) {
    if (fieldsRead.contains(field)) {
      List.copyOf(waiting).forEach(Runnable::run);
    } else {
      kept.computeIfAbsent(field, any -> new ArrayList<>()).addAll(waiting);
    }
  }

  private void read(String field) {
    fieldsRead.add(field);
    List<Runnable> waiting = kept.remove(field);
    if (waiting != null) {
      waiting.forEach(Runnable::run);
    }
  }

  private void call(Handle handle) {
    if (handle.getTag() == Opcodes.H_NEWINVOKESPECIAL) {
      make(handle.getOwner());
    }
    call(handle.getOwner(), handle.getName(), handle.getDesc());
  }

  private void call(String owner, String name, String descriptor) {
    if (name.equals("<init>")) {
      make(owner);
    }
    resolve(owner, name, descriptor);
    called.add(name + descriptor);
  }

  /** What is called by name of an object of this class; what only a library calls has to be seen. */
  private void dispatch(String type) {
    for (ClassNode at = node(type); at != null; at = node(at.superName)) {
      for (MethodNode method : at.methods) {
        boolean virtual = (method.access & (Opcodes.ACC_STATIC | Opcodes.ACC_PRIVATE)) == 0;
        if (!virtual || method.name.startsWith("<")) {
          continue;
        }
        if (called.contains(method.name + method.desc)) {
          take(at, method);
        }
      }
    }
  }

  static String internal(String name) {
    return name.replace('.', '/');
  }
}
