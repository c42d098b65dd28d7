using Drover.Api;
using Drover.Server.Tests.Http;
using Xunit;

namespace Drover.Server.Tests.Projects;

public sealed class RegisteringTests
{
    private const string Agents = "agents:\n  coder:\n    adapter: claude\n";

    [Fact]
    public async Task A_project_is_called_as_its_committed_settings_say()
    {
        await using var home = await HttpHome.Start();
        home.Commit("drover.yaml", $"name: Web Shop\nprefix: shop\n{Agents}");

        var project = Register(home);

        Assert.Equal(("web-shop", "SHOP"), (project.Id, project.Prefix));
    }

    [Fact]
    public async Task Without_a_prefix_the_settings_name_gives_it()
    {
        await using var home = await HttpHome.Start();
        home.Commit("drover.yaml", $"name: Web Shop\n{Agents}");

        Assert.Equal("WEBSHOP", Register(home).Prefix);
    }

    [Fact]
    public async Task Settings_that_cannot_be_used_leave_the_directory_name()
    {
        await using var home = await HttpHome.Start();
        home.Commit("drover.yaml", $"name: Web Shop\nnmae: twice\n{Agents}");

        Assert.NotEqual("web-shop", Register(home).Id);
    }

    [Fact]
    public async Task What_the_caller_says_goes_before_the_settings()
    {
        await using var home = await HttpHome.Start();
        home.Commit("drover.yaml", $"name: Web Shop\nprefix: shop\n{Agents}");

        var project = home.Client().Change(
            "POST", "/api/v1/projects", new(home.Repository, "app", "APP"), ApiJson.Default.NewProjectJson, ApiJson.Default.ProjectJson, Guid.NewGuid());

        Assert.Equal(("app", "APP"), (project.Id, project.Prefix));
    }

    private static ProjectJson Register(HttpHome home) => home.Client().Change(
        "POST", "/api/v1/projects", new(home.Repository, null, null), ApiJson.Default.NewProjectJson, ApiJson.Default.ProjectJson, Guid.NewGuid());
}
