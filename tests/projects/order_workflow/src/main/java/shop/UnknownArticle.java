package shop;

/** There is no such article. */
public final class UnknownArticle extends RuntimeException {
  private static final long serialVersionUID = 1;

  public UnknownArticle(String article) {
    super(article);
  }
}
