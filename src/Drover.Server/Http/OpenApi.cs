namespace Drover.Server.Http;

/// <summary>The API's description at <c>/openapi/v1.json</c>, made when it is first asked for.</summary>
internal static class OpenApi
{
    public static void Add(IServiceCollection services) => services.AddOpenApi();

    public static void Map(WebApplication app) => app.MapOpenApi();
}
