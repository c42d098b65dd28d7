using Drover.Api;
using Drover.Core;
using Drover.Server.Journaling;

namespace Drover.Server.Http;

/// <summary>The browser's way in: a link that works once and soon expires becomes a cookie that scripts of the page cannot read.</summary>
internal sealed class Logins(Journal journal, TimeProvider time, string cookieName)
{
    public const string Path = "/login";

    private static readonly TimeSpan LinkLife = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan CookieLife = TimeSpan.FromDays(30);

    /// <param name="url">The server's address.</param>
    public async Task<LoginLinkJson> MakeLink(string url)
    {
        var secret = Secret.New();
        var expires = await journal.Do(Priority.Urgent, tx =>
        {
            LoginTable.DeleteExpired(tx);
            LoginTable.Insert(tx, new(Secret.Hash(secret), LoginPurpose.Link, tx.Now, tx.Now + LinkLife, null));
            return tx.Now + LinkLife;
        });
        return new($"{url.TrimEnd('/')}{Path}?key={secret}", expires);
    }

    /// <summary>Null without a cookie, and with one that is not ours or has expired.</summary>
    public Principal? OfCookie(HttpContext http)
    {
        if (http.Request.Cookies[cookieName] is not { Length: > 0 } secret) return null;
        var hash = Secret.Hash(secret);
        return journal.Read(db => LoginTable.Cookie(db, hash, time.GetUtcNow())) is { } cookie ? new(PrincipalKind.Browser, cookie.Hash[..12]) : null;
    }

    /// <summary>Exchanges the link for a cookie and shows the page.</summary>
    public async Task Enter(HttpContext http)
    {
        var link = Secret.Hash(http.Request.Query["key"].ToString());
        var secret = Secret.New();
        var entered = await journal.Do(Priority.Urgent, tx =>
        {
            if (!LoginTable.UseLink(tx, link)) return false;
            LoginTable.Insert(tx, new(Secret.Hash(secret), LoginPurpose.Cookie, tx.Now, tx.Now + CookieLife, null));
            return true;
        });
        if (!entered) throw new Refusal(Problems.Unauthenticated, "this link was used or has expired; 'drover open' prints a new one");
        http.Response.Cookies.Append(cookieName, secret, new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/", MaxAge = CookieLife });
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        http.Response.Redirect("/");
    }
}
