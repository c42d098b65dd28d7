using Drover.Api;
using Xunit;

namespace Drover.Server.Tests.Http;

public sealed class LoginTests
{
    [Fact]
    public async Task A_login_link_opens_the_page_once_and_gives_a_cookie_that_scripts_cannot_read()
    {
        await using var home = await HttpHome.Start();
        var link = new Uri(Link(home));

        var entered = await home.Browse(link.PathAndQuery);
        var again = await home.Browse(link.PathAndQuery);

        Assert.Equal((302, "/"), (entered.Status, entered.Headers["Location"]));
        Assert.Contains("httponly", entered.Headers["Set-Cookie"], StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", entered.Headers["Set-Cookie"], StringComparison.OrdinalIgnoreCase);
        Assert.Equal(("unauthenticated", 401), (again.Problem.Code, again.Status));
    }

    [Fact]
    public async Task Without_a_cookie_nothing_is_shown_over_tcp()
    {
        await using var home = await HttpHome.Start();

        foreach (var path in new[] { "/", "/index.html", "/api/v1/status", "/api/v1/events", "/openapi/v1.json", "/login?key=guess" })
            Assert.Equal(("unauthenticated", 401), (await home.Browse(path) is var a ? (a.Problem.Code, a.Status) : default));
        Assert.Equal(401, (await home.Browse("/api/v1/status", ("Cookie", "drover_=guess"))).Status);
        Assert.Equal(401, (await home.Browse("/api/v1/status", ("Authorization", "Bearer guess"))).Status);
    }

    [Fact]
    public async Task What_the_browser_changes_is_told_of_the_browser()
    {
        await using var home = await HttpHome.Start();
        home.Register();
        var cookie = await LogIn(home);

        await home.BrowsePost("/api/v1/tickets", """{"project":"app","title":"From the page"}""", ("Cookie", cookie));

        var added = EventTests.All(home).Single(e => e.Type == "ticket.added");
        Assert.StartsWith("browser:", added.Actor, StringComparison.Ordinal);
    }

    /// <summary>The cookie of a fresh login, as a browser sends it.</summary>
    internal static async Task<string> LogIn(HttpHome home) =>
        (await home.Browse(new Uri(Link(home)).PathAndQuery)).Headers["Set-Cookie"].Split(';')[0];

    private static string Link(HttpHome home) => home.Client().Change(
        "POST", "/api/v1/login-links", new(null), ApiJson.Default.ReasonJson, ApiJson.Default.LoginLinkJson, Guid.NewGuid()).Url;
}
