package fleet;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;

/** `place` as a Lambda that takes and gives beans. */
public final class PlaceHandler
    implements RequestHandler<PlaceHandler.Change, PlaceHandler.Placement> {
  @Override
  public Placement handleRequest(Change event, Context context) {
    long block = Math.floorDiv(event.getChange(), (long) Slots.BLOCK);
    Placement placement = new Placement();
    placement.setEndpoint(event.getEndpoint());
    placement.setSlot(Math.floorMod(block, (long) Slots.SLOTS));
    placement.setBlocks(block * event.getCopies());
    placement.setRest(Math.floorMod(event.getChange(), (long) Slots.BLOCK));
    return placement;
  }

  /** The event. */
  public static final class Change {
    private String endpoint;
    private long change;
    private long copies;

    public String getEndpoint() {
      return endpoint;
    }

    public void setEndpoint(String endpoint) {
      this.endpoint = endpoint;
    }

    public long getChange() {
      return change;
    }

    public void setChange(long change) {
      this.change = change;
    }

    public long getCopies() {
      return copies;
    }

    public void setCopies(long copies) {
      this.copies = copies;
    }
  }

  /** The answer. */
  public static final class Placement {
    private String endpoint;
    private long slot;
    private long blocks;
    private long rest;

    public String getEndpoint() {
      return endpoint;
    }

    public void setEndpoint(String endpoint) {
      this.endpoint = endpoint;
    }

    public long getSlot() {
      return slot;
    }

    public void setSlot(long slot) {
      this.slot = slot;
    }

    public long getBlocks() {
      return blocks;
    }

    public void setBlocks(long blocks) {
      this.blocks = blocks;
    }

    public long getRest() {
      return rest;
    }

    public void setRest(long rest) {
      this.rest = rest;
    }
  }
}
