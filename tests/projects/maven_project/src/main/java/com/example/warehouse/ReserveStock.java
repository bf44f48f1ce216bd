package com.example.warehouse;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;

/** Takes a quantity out of the stock: a handler of beans. */
public final class ReserveStock
    implements RequestHandler<ReserveStock.Request, ReserveStock.Response> {

  @Override
  public Response handleRequest(Request request, Context context) {
    if (request.quantity > request.stock) {
      throw new NotEnoughException(request.sku + ": " + request.stock + " < " + request.quantity);
    }
    Response response = new Response();
    response.sku = request.sku;
    response.reserved = request.quantity;
    response.left = request.stock - request.quantity;
    return response;
  }

  /** What is asked for. */
  public static final class Request {
    private String sku;
    private int quantity;
    private int stock = 10;

    public String getSku() {
      return sku;
    }

    public void setSku(String sku) {
      this.sku = sku;
    }

    public int getQuantity() {
      return quantity;
    }

    public void setQuantity(int quantity) {
      this.quantity = quantity;
    }

    public int getStock() {
      return stock;
    }

    public void setStock(int stock) {
      this.stock = stock;
    }
  }

  /** What was taken. */
  public static final class Response {
    private String sku;
    private int reserved;
    private int left;
    private String note;

    public String getSku() {
      return sku;
    }

    public int getReserved() {
      return reserved;
    }

    public int getLeft() {
      return left;
    }

    public String getNote() {
      return note;
    }
  }
}
