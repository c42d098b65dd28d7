using Drover.Api;

namespace Drover.Server.Http;

/// <summary>The server about itself.</summary>
internal static class ServerRoutes
{
    public static void Map(Routes routes, Func<ServerJson> server, Logins logins, IHostApplicationLifetime lifetime)
    {
        routes.Query("/server", Access.Owner, _ => server());
        routes.Deed<ReasonJson, LoginLinkJson>("POST", "/login-links", Access.Human, 201, (_, _) => logins.MakeLink(server().Url));
        routes.Deed<ReasonJson, StoppingJson>("POST", "/server/stop", Access.Human, 202, (_, _) =>
        {
            // The answer is on its way before the doors close: stopping waits for requests that are being answered.
            lifetime.StopApplication();
            return Task.FromResult(new StoppingJson(server().Pid));
        });
    }
}
