using Drover.Api;
using Drover.Server.Http;

namespace Drover.Server.Host;

/// <summary>The composition root: everything that lives as long as the server is made here, by hand, in the order in which it depends on each other.</summary>
internal sealed class Composition : IAsyncDisposable
{
    private ServerJson? _server;

    private Composition() { }

    public static Composition Open(DroverHostOptions options, WebApplication app)
    {
        var logs = app.Services.GetRequiredService<ILoggerFactory>();
        var composition = new Composition();
        var edge = new Edge(logs.CreateLogger<Edge>());
        app.Use(edge.Run);
        app.UseRouting();
        OpenApi.Map(app);
        app.MapGet("/api/v1/server", (HttpContext http) => Answer.Json(http, 200, composition._server ?? throw new Refusal(Problems.Unavailable, "starting")));
        return composition;
    }

    /// <summary>Called once the doors are open.</summary>
    public void Started(ServerJson server) => _server = server;

    public static string? WhyRefused(Exception e) => null;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
