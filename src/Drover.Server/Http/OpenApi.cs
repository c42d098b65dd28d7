using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Drover.Api;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Drover.Server.Http;

/// <summary>The API's description at <c>/openapi/v1.json</c>, made from the routes when it is first asked for.</summary>
internal static partial class OpenApi
{
    public static void Add(IServiceCollection services)
    {
        services.AddOpenApi("v1", options => options.AddDocumentTransformer(Describe).AddSchemaTransformer(SayNull));
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
    }

    public static void Map(WebApplication app, Askers askers) => app.MapOpenApi().AddEndpointFilter((context, next) =>
    {
        askers.Judge(context.HttpContext, Access.Owner);
        return next(context);
    });

    private static async Task Describe(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken token)
    {
        document.Info = new() { Title = "Drover", Version = "v1", Description = "Errors are application/problem+json with a stable code. Changes accept an Idempotency-Key." };
        document.Servers = [];
        document.Paths = [];
        var endpoints = context.ApplicationServices.GetRequiredService<EndpointDataSource>().Endpoints;
        foreach (var route in endpoints.Select(e => e.Metadata.GetMetadata<RouteShape>()).OfType<RouteShape>())
        {
            if (!document.Paths.TryGetValue(route.Pattern, out var path)) document.Paths[route.Pattern] = path = new OpenApiPathItem();
            ((OpenApiPathItem)path).AddOperation(HttpMethod.Parse(route.Method), await Operation(route, document, context, token));
        }
    }

    /// <summary>A member that is an object or null: the generator by itself would say that it is always an object.</summary>
    private static Task SayNull(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken token)
    {
        if (context.JsonPropertyInfo is { IsGetNullable: true }) schema.Type |= JsonSchemaType.Null;
        return Task.CompletedTask;
    }

    private static async Task<OpenApiOperation> Operation(
        RouteShape route, OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken token)
    {
        var operation = new OpenApiOperation { Responses = [], Parameters = [] };
        foreach (Match part in PathPart().Matches(route.Pattern)) operation.Parameters.Add(Parameter(part.Groups[1].Value, ParameterLocation.Path));
        foreach (var name in route.Query) operation.Parameters.Add(Parameter(name, ParameterLocation.Query));
        if (route.Body != typeof(void))
        {
            operation.Parameters.Add(new OpenApiParameter { Name = "Idempotency-Key", In = ParameterLocation.Header, Schema = new OpenApiSchema { Type = JsonSchemaType.String } });
            operation.RequestBody = new OpenApiRequestBody { Content = await Content(route.Body, "application/json", document, context, token) };
        }

        var type = route.Answer == typeof(EventJson) ? "text/event-stream" : "application/json";
        operation.Responses[$"{route.Status}"] = new OpenApiResponse { Description = "Done", Content = await Content(route.Answer, type, document, context, token) };
        operation.Responses["default"] = new OpenApiResponse { Description = "Refused", Content = await Content(typeof(ProblemJson), "application/problem+json", document, context, token) };
        return operation;
    }

    private static async Task<Dictionary<string, OpenApiMediaType>> Content(
        Type type, string mediaType, OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken token) =>
        new() { [mediaType] = new() { Schema = await Schema(type, document, context, token) } };

    /// <summary>Records are described once, under their names, so that types can be generated from them.</summary>
    private static async Task<IOpenApiSchema> Schema(Type type, OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken token)
    {
        if (type.IsGenericType) return new OpenApiSchema { Type = JsonSchemaType.Array, Items = await Schema(type.GetGenericArguments()[0], document, context, token) };
        if (document.Components?.Schemas?.ContainsKey(type.Name) != true) document.AddComponent(type.Name, await context.GetOrCreateSchemaAsync(type, null, token));
        return new OpenApiSchemaReference(type.Name, document);
    }

    private static OpenApiParameter Parameter(string name, ParameterLocation place) =>
        new() { Name = name, In = place, Required = place == ParameterLocation.Path, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex PathPart();
}
