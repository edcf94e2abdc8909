"""TikTok Studio's names of insights and counts, and the columns of the tables that they fill."""

from __future__ import annotations

# Counts and shares of a video.
COUNTS = {
    "views": ("realtime_total_video_views", "video_view_realtime"),
    "new_followers": ("realtime_new_followers", "video_new_followers", "video_new_follower_realtime"),
    "reach": ("total_video_uv", "video_uv"),
}
SHARES = {
    "completion_rate": "video_finish_rate_realtime",
    "viewers_following": "video_viewer_follower_percent_realtime",
    "viewers_new": "video_viewer_new_viewer_percent",
    "viewers_returning": "video_viewer_return_viewer_percent",
}
NOT_FOLLOWING = "video_viewer_nonfollower_percent_realtime"
INFO = "video_info"
WATCH_TIME, TOTAL_WATCH_TIME = "video_per_duration_realtime", "video_total_duration_realtime"
RETENTION, LIKES_BY_SECOND = "video_retention_rate_realtime", "video_like_distribution_realtime"
SEARCH_TERMS = "item_search_terms"
TRAFFIC, AGE, GENDER, LOCATION = (
    "video_traffic_source_percent_realtime",
    "video_viewer_age_percent_realtime",
    "video_viewer_gender_percent_realtime",
    "video_viewer_location_percent_realtime",
)
# Columns of shares of the views by TikTok's names of where they come from.
TRAFFIC_COLUMNS = {
    "for you": "traffic_for_you",
    "follow": "traffic_following",
    "following": "traffic_following",
    "hashtag": "traffic_hashtag",
    "sound": "traffic_sound",
    "personal profile": "traffic_profile",
    "search": "traffic_search",
}
# Counts of a video by the hour, and by the day of its first week.
HOURS = "video_vv_history_48_hours"
HISTORIES = {
    "views": "video_vv_history_7d",
    "likes": "video_like_history_7d",
    "comments": "video_comment_history_7d",
    "shares": "video_shares_history_7d",
    "saves": "video_favorites_history_7d",
    "new_followers": "video_new_followers_history_7d",
}
# Counts of the account by day, in tables of its audience, and its active followers by hour.
DAILY = {
    "overview": {
        "views": "vv_history",
        "profile_views": "pv_history",
        "likes": "like_history",
        "comments": "comment_history",
        "shares": "share_history",
    },
    "followers": {"followers": "follower_num_history"},
}
ACTIVE = "follower_active_history_hours"
OF_VIDEO = frozenset(
    {
        *(key for keys in COUNTS.values() for key in keys),
        *SHARES.values(),
        *HISTORIES.values(),
        *(NOT_FOLLOWING, INFO, WATCH_TIME, TOTAL_WATCH_TIME, RETENTION, LIKES_BY_SECOND, SEARCH_TERMS, HOURS),
        *(TRAFFIC, AGE, GENDER, LOCATION),
    }
)
OF_ACCOUNT = frozenset(
    {*(key for keys in DAILY.values() for key in keys.values()), ACTIVE, "viewer_active_history_hours", "follower_num"}
)
# Counts within a video's information, and of an item of the list of posts.
STATISTICS = {
    "views": "play_count",
    "likes": "digg_count",
    "comments": "comment_count",
    "shares": "share_count",
    "saves": "collect_count",
}
ITEM_COUNTS = {
    "views": "play_count",
    "likes": "like_count",
    "comments": "comment_count",
    "shares": "share_count",
    "saves": "favorite_count",
}
