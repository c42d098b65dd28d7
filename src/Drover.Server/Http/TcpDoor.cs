using Drover.Api;

namespace Drover.Server.Http;

/// <summary>Judges what comes over TCP before anything else looks at it. Any page in the user's browser can send requests to loopback, and a name
/// of an attacker may point there: so the request must name us as its host, and a page that sends it must be ours.</summary>
internal sealed class TcpDoor
{
    public async Task Run(HttpContext http, RequestDelegate next)
    {
        if (http.Features.Get<PeerProcess>() is null) Check(http);
        await next(http);
    }

    private static void Check(HttpContext http)
    {
        var port = http.Connection.LocalPort;
        string[] ours = [$"127.0.0.1:{port}", $"localhost:{port}", $"[::1]:{port}"];
        var host = http.Request.Host.Value;
        if (!ours.Contains(host, StringComparer.OrdinalIgnoreCase))
            throw new Refusal(Problems.WrongOrigin, $"this server is reached as {ours[0]} or {ours[1]} and by no other name");
        var origins = http.Request.Headers.Origin;
        if (origins.Count > 0 && !(origins.Count == 1 && string.Equals(origins[0], $"http://{host}", StringComparison.OrdinalIgnoreCase)))
            throw new Refusal(Problems.WrongOrigin, "pages of other origins may not ask this server");
        var site = http.Request.Headers["Sec-Fetch-Site"].ToString();
        if (site is not ("" or "same-origin" or "none") && !http.Request.Path.Equals(Logins.Path, StringComparison.Ordinal))
            throw new Refusal(Problems.WrongOrigin, "pages of other sites may not ask this server");
    }
}
