"""Addresses of signage."""

from __future__ import annotations

from django.urls import URLPattern, path

from ..views.signage import assets, pairing, player, playlists, reports, schedules, screens

screen_urls: list[URLPattern] = [
    path("", pairing.start, name="start"),
    path("pairing/", pairing.code, name="pairing"),
    path("pairing/qr.svg", pairing.qr_code, name="qr_code"),
    path("sw.js", player.service_worker, name="service_worker"),
    path("<str:number>/", player.player, name="player"),
    path("<str:number>/manifest/", player.manifest, name="manifest"),
    path("<str:number>/state/", player.state, name="state"),
    path("<str:number>/heartbeat/", player.heartbeat, name="heartbeat"),
    path("<str:number>/plays/", player.plays, name="plays"),
    path("<str:number>/assets/<int:pk>/<slug:digest>/", player.asset, name="asset"),
]
"""Under ``/signage/``: the screens themselves."""

signage_urls: list[URLPattern] = [
    path("", screens.index, name="index"),
    path("new/", screens.new, name="new"),
    path("pair/", screens.pair, name="pair"),
    path("override/", screens.override, name="override"),
    path("screens/<str:number>/", screens.screen, name="screen"),
    path("screens/<str:number>/settings/", screens.settings, name="settings"),
    path("screens/<str:number>/pair/", screens.replace_device, name="replace"),
    path("screens/<str:number>/unpair/", screens.unpair, name="unpair"),
    path("screens/<str:number>/remove/", screens.remove, name="remove"),
    path("screens/<str:number>/back/", screens.end_override, name="end_override"),
    path("playlists/", playlists.index, name="playlists"),
    path("playlists/new/", playlists.new, name="new_playlist"),
    path("playlists/<int:pk>/", playlists.playlist, name="playlist"),
    path("playlists/<int:pk>/rename/", playlists.rename, name="rename_playlist"),
    path("playlists/<int:pk>/stop/", playlists.stop, name="stop_playlist"),
    path("playlists/<int:pk>/remove/", playlists.remove, name="remove_playlist"),
    path("playlists/<int:pk>/add/<slug:kind>/", playlists.add_item, name="add_item"),
    path("items/<int:pk>/", playlists.item, name="item"),
    path("items/<int:pk>/move/", playlists.move, name="move_item"),
    path("items/<int:pk>/stop/", playlists.stop_item, name="stop_item"),
    path("items/<int:pk>/remove/", playlists.remove_item, name="remove_item"),
    path("schedules/", schedules.week, name="schedules"),
    path("schedules/new/", schedules.new, name="new_schedule"),
    path("schedules/<int:pk>/remove/", schedules.remove, name="remove_schedule"),
    path("assets/", assets.index, name="assets"),
    path("assets/new/", assets.new, name="new_asset"),
    path("assets/<int:pk>/", assets.asset, name="asset"),
    path("assets/<int:pk>/file/", assets.file, name="asset_file"),
    path("assets/<int:pk>/remove/", assets.remove, name="remove_asset"),
    path("plays/", reports.index, name="plays"),
    path("plays/plays.csv", reports.export, name="plays_file"),
]
"""Under ``/office/signage/``: screens and playlists for staff."""
