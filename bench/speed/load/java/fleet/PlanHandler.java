package fleet;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** `plan` as a Lambda that takes and gives beans. */
public final class PlanHandler implements RequestHandler<PlanHandler.Request, PlanHandler.Plan> {
  @Override
  public Plan handleRequest(Request event, Context context) {
    Map<String, Long> free = new LinkedHashMap<>();
    Map<String, Long> rates = new HashMap<>();
    for (Host host : event.getHosts()) {
      free.put(host.getHost(), host.getFree());
      rates.put(host.getHost(), host.getRate());
    }
    List<Move> order = new ArrayList<>(event.getMoves());
    order.sort(
        Comparator.comparingLong(Move::getSize).reversed().thenComparing(Move::getEndpoint));
    long total = order.stream().mapToLong(Move::getSize).sum();
    Map<String, Long> busy = new HashMap<>();
    Plan plan = new Plan();
    long minute = event.getOffset();
    for (Move move : order) {
      long size = move.getSize();
      String target = Planning.roomiest(free, move.getSource(), size);
      if (target == null) {
        plan.getLeft().add(move.getEndpoint());
        continue;
      }
      free.merge(target, -size, Long::sum);
      long wave = (busy.merge(target, 1L, Long::sum) - 1) / event.getLimit();
      plan.setWaves(Math.max(plan.getWaves(), wave + 1));
      long seconds = -Math.floorDiv(-size, rates.get(target));
      Step step = new Step();
      step.setEndpoint(move.getEndpoint());
      step.setSource(move.getSource());
      step.setTarget(target);
      step.setWave(wave);
      step.setMinute(minute);
      step.setWindow(Math.floorDiv(minute, 15L));
      step.setSeconds(seconds);
      step.setShare((double) size / total);
      step.setChunks(chunks(size));
      step.setRoom(free.get(target));
      step.setNote(move.getSource() + " -> " + target + ", wave " + (wave + 1));
      plan.getSteps().add(step);
      minute += -Math.floorDiv(-seconds, 60L);
    }
    plan.setBytes(total);
    return plan;
  }

  private static List<Chunk> chunks(long size) {
    List<Chunk> chunks = new ArrayList<>();
    for (int part = 0; part < 4; part++) {
      Chunk chunk = new Chunk();
      chunk.setStart(size * part / 4);
      chunk.setStop(size * (part + 1) / 4);
      chunks.add(chunk);
    }
    return chunks;
  }

  /** An endpoint to move. */
  public static final class Move {
    private String endpoint;
    private String source;
    private long size;

    public String getEndpoint() {
      return endpoint;
    }

    public void setEndpoint(String endpoint) {
      this.endpoint = endpoint;
    }

    public String getSource() {
      return source;
    }

    public void setSource(String source) {
      this.source = source;
    }

    public long getSize() {
      return size;
    }

    public void setSize(long size) {
      this.size = size;
    }
  }

  /** A host to move to. */
  public static final class Host {
    private String host;
    private long free;
    private long rate;

    public String getHost() {
      return host;
    }

    public void setHost(String host) {
      this.host = host;
    }

    public long getFree() {
      return free;
    }

    public void setFree(long free) {
      this.free = free;
    }

    public long getRate() {
      return rate;
    }

    public void setRate(long rate) {
      this.rate = rate;
    }
  }

  /** The event. */
  public static final class Request {
    private List<Move> moves;
    private List<Host> hosts;
    private long limit;
    private long offset;

    public List<Move> getMoves() {
      return moves;
    }

    public void setMoves(List<Move> moves) {
      this.moves = moves;
    }

    public List<Host> getHosts() {
      return hosts;
    }

    public void setHosts(List<Host> hosts) {
      this.hosts = hosts;
    }

    public long getLimit() {
      return limit;
    }

    public void setLimit(long limit) {
      this.limit = limit;
    }

    public long getOffset() {
      return offset;
    }

    public void setOffset(long offset) {
      this.offset = offset;
    }
  }

  /** A part of an endpoint. */
  public static final class Chunk {
    private long start;
    private long stop;

    public long getStart() {
      return start;
    }

    public void setStart(long start) {
      this.start = start;
    }

    public long getStop() {
      return stop;
    }

    public void setStop(long stop) {
      this.stop = stop;
    }
  }

  /** One move of the plan. */
  public static final class Step {
    private String endpoint;
    private String source;
    private String target;
    private long wave;
    private long minute;
    private long window;
    private long seconds;
    private double share;
    private List<Chunk> chunks;
    private long room;
    private String note;

    public String getEndpoint() {
      return endpoint;
    }

    public void setEndpoint(String endpoint) {
      this.endpoint = endpoint;
    }

    public String getSource() {
      return source;
    }

    public void setSource(String source) {
      this.source = source;
    }

    public String getTarget() {
      return target;
    }

    public void setTarget(String target) {
      this.target = target;
    }

    public long getWave() {
      return wave;
    }

    public void setWave(long wave) {
      this.wave = wave;
    }

    public long getMinute() {
      return minute;
    }

    public void setMinute(long minute) {
      this.minute = minute;
    }

    public long getWindow() {
      return window;
    }

    public void setWindow(long window) {
      this.window = window;
    }

    public long getSeconds() {
      return seconds;
    }

    public void setSeconds(long seconds) {
      this.seconds = seconds;
    }

    public double getShare() {
      return share;
    }

    public void setShare(double share) {
      this.share = share;
    }

    public List<Chunk> getChunks() {
      return chunks;
    }

    public void setChunks(List<Chunk> chunks) {
      this.chunks = chunks;
    }

    public long getRoom() {
      return room;
    }

    public void setRoom(long room) {
      this.room = room;
    }

    public String getNote() {
      return note;
    }

    public void setNote(String note) {
      this.note = note;
    }
  }

  /** The answer. */
  public static final class Plan {
    private List<Step> steps = new ArrayList<>();
    private long waves;
    private long bytes;
    private List<String> left = new ArrayList<>();

    public List<Step> getSteps() {
      return steps;
    }

    public void setSteps(List<Step> steps) {
      this.steps = steps;
    }

    public long getWaves() {
      return waves;
    }

    public void setWaves(long waves) {
      this.waves = waves;
    }

    public long getBytes() {
      return bytes;
    }

    public void setBytes(long bytes) {
      this.bytes = bytes;
    }

    public List<String> getLeft() {
      return left;
    }

    public void setLeft(List<String> left) {
      this.left = left;
    }
  }
}
