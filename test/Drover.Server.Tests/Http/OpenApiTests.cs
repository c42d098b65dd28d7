using System.Text;
using System.Text.Json;
using Drover.Api;
using Drover.Core.Tests.Guards;
using Xunit;

namespace Drover.Server.Tests.Http;

public sealed class OpenApiTests
{
    [Fact]
    public async Task The_description_names_each_route_with_its_bodies_and_its_problem()
    {
        await using var home = await HttpHome.Start();

        using var description = JsonDocument.Parse(home.Client().Get("/openapi/v1.json"));

        var paths = description.RootElement.GetProperty("paths");
        foreach (var path in new[] { "/api/v1/tickets", "/api/v1/tickets/{ticket}", "/api/v1/runs", "/api/v1/runs/{run}", "/api/v1/events", "/api/v1/status", "/api/v1/projects" })
            Assert.True(paths.TryGetProperty(path, out _), path);
        var add = paths.GetProperty("/api/v1/tickets").GetProperty("post");
        Assert.True(add.GetProperty("requestBody").GetProperty("content").TryGetProperty("application/json", out _));
        Assert.True(add.GetProperty("responses").GetProperty("default").GetProperty("content").TryGetProperty("application/problem+json", out _));
        Assert.True(description.RootElement.GetProperty("components").GetProperty("schemas").TryGetProperty(nameof(TicketJson), out _));
        Assert.Equal("ticket", paths.GetProperty("/api/v1/tickets/{ticket}").GetProperty("get").GetProperty("parameters")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task The_page_has_its_types_from_this_description()
    {
        await using var home = await HttpHome.Start();

        Source.Holds("web/openapi.json", Encoding.UTF8.GetString(home.Client().Get("/openapi/v1.json")));
    }

    [Fact]
    public void Each_kind_of_problem_has_a_code_of_its_own_and_an_exit_code() =>
        Assert.Equal(Problems.All.Count, Problems.All.Select(k => k.Code).Distinct().Count());
}
